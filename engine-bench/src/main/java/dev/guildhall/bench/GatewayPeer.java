package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.IoMode;
import dev.guildhall.transport.netty.internal.PeerGateway;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gateway-peer.jar}: the gateway beside servers of other makes, see {@link PeerGateway}. Runs until it is killed. */
@Command(
        name = "gateway-peer",
        mixinStandardHelpOptions = true,
        description = "Serves /gateway?peer=1; the text S starts publishing to all who are connected.")
public final class GatewayPeer implements Callable<Integer> {
    private enum Mode {
        RATE,
        MAX
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "PORT", description = "Where to listen on loopback.")
    private int port;

    @Parameters(index = "1", paramLabel = "MODE", description = "rate or max.")
    private Mode mode = Mode.RATE;

    @Parameters(
            index = "2",
            paramLabel = "RATE_OR_WINDOW",
            description = "Events a second, or events beyond what the first connection has acknowledged.")
    private int amount;

    @Parameters(index = "3", paramLabel = "BURST", defaultValue = "1", description = "Events at a time (default 1).")
    private int burst;

    @Option(names = "--io", paramLabel = "IO", defaultValue = "epoll", description = "epoll, io_uring or nio.")
    private String io = "epoll";

    @Option(
            names = "--send-buffer",
            paramLabel = "BYTES",
            defaultValue = "0",
            description = "Of each socket (default: the kernel's).")
    private int sendBuffer;

    @Option(
            names = "--overflow",
            paramLabel = "POLICY",
            defaultValue = "DISCONNECT_RESUMABLE",
            description = "For clients that do not keep up: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private OverflowPolicy overflow = OverflowPolicy.DISCONNECT_RESUMABLE;

    @Option(
            names = "--backlog",
            paramLabel = "EVENTS",
            description = "That wait for such a client (default ${DEFAULT-VALUE}).")
    private int backlog = SessionOptions.DEFAULT_MAX_BACKLOG_EVENTS;

    @Option(
            names = "--replay",
            paramLabel = "EVENTS",
            description = "Kept for a client that comes back (default ${DEFAULT-VALUE}).")
    private int replay = SessionOptions.DEFAULT_MAX_REPLAY_EVENTS;

    @Option(names = "--protocol", description = "The gateway's own protocol, and no publishing.")
    private boolean protocol;

    private GatewayPeer() {}

    /**
     * Runs the server.
     *
     * @param args port, mode, rate or window, burst
     */
    public static void main(String[] args) {
        int status = new CommandLine(new GatewayPeer())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
        System.exit(status);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65_535 || amount < 1 || burst < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "PORT must be 0 to 65535, RATE_OR_WINDOW and BURST at least 1; were " + port + ", " + amount
                            + " and " + burst);
        }
        IoMode chosen = IoMode.valueOf(io.toUpperCase(Locale.ROOT));
        SessionOptions options = SessionOptions.builder()
                .maxBacklogEvents(backlog)
                .maxReplayEvents(replay)
                .overflow(overflow)
                .build();
        Object server = protocol ? new ProtocolPeer(port, chosen, options) : open(chosen, options);
        System.out.println(server);
        new CountDownLatch(1).await();
        return 0;
    }

    private Engine open(IoMode chosen, SessionOptions options) {
        PeerGateway.Pace pace =
                mode == Mode.RATE ? new PeerGateway.Pace(amount, 0, burst) : new PeerGateway.Pace(0, amount, 1);
        return Engine.builder()
                .transport(new PeerGateway(port, chosen, pace, sendBuffer, options))
                .open();
    }
}
