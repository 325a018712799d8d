package dev.guildhall.bench;

import dev.guildhall.transport.netty.internal.PeerGateway;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bench connections}: what a connection costs in memory while it is idle, and whether memory stays where it is
 * while events are published to many connections that read them and to many that read nothing.
 *
 * <p>The server is {@link PeerGateway}, the gateway's way out and the engine, and for one figure {@link ProtocolPeer}, a gateway as applications
 * have it. It is a process of its own, whose heap is touched from the beginning; so what its resident size grows by is not heap. What a
 * connection costs in all is that and the live heap, beyond those of {@value #FIRST} connections.
 */
@Command(
        name = "connections",
        mixinStandardHelpOptions = true,
        description =
                "Memory of connections, idle and stalled, while events are published. Needs Linux, taskset and jcmd.")
final class ConnectionsCommand implements Callable<Integer> {
    private static final int FIRST = 1_000;
    private static final int SMALL_BUFFER = 4 * 1024;
    private static final int LEAST_SECONDS = 10;
    private static final int IDLE_RATE = 10;
    private static final int STALLED_RATE = 40;

    /** Smaller than by default, so that rings are as large as they get after half of the time. */
    private static final String REPLAY = "--replay=256";

    private static final String BACKLOG = "--backlog=512";
    private static final double MOST_GROWTH = 5;
    private static final double KIB = 1024;

    /**
     * What {@code bench memory} says of the session of a client that is a user of its own, which the bounds do not count: 330 bytes for
     * a session that can be resumed, and 99 for a user of its own.
     */
    private static final double SESSION_KIB = 0.41;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--idle", defaultValue = "19000", description = "Connections that read (default 19000).")
    private int idle;

    @Option(names = "--stalled", defaultValue = "17000", description = "Connections that do not (default 17000).")
    private int stalled;

    private int seconds;

    @Option(names = "--io", defaultValue = "epoll", description = "epoll, io_uring or nio (default epoll).")
    private String io = "epoll";

    /** What a server has in use. */
    private record Memory(long resident, long heap) {
        static Memory of(PeerServer server) throws IOException, InterruptedException {
            long live = server.liveHeapBytes(); // first, since it collects what holds direct buffers
            return new Memory(server.residentBytes(), live);
        }

        double residentGrowth(Memory later) {
            return 100.0 * (later.resident - resident) / resident;
        }

        double heapGrowth(Memory later) {
            return 100.0 * (later.heap - heap) / heap;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%.1f MiB resident, %.1f MiB of live heap", resident / KIB / KIB, heap / KIB / KIB);
        }
    }

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "How long events are published, at least 10 (default 60).")
    void setSeconds(int seconds) {
        if (seconds < LEAST_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds must be at least " + LEAST_SECONDS + ", was " + seconds);
        }
        this.seconds = seconds;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (idle <= FIRST || stalled < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--idle must be above " + FIRST + " and --stalled at least 1, were " + idle + " and " + stalled);
        }
        idleWithProtocol();
        boolean kept = idle();
        kept &= stalled();
        return kept ? 0 : 1;
    }

    /** What each connection costs beyond the first. */
    private record PerConnection(double heapKib, double allKib) {
        static PerConnection measure(PeerServer server, PeerLoad load, int connections)
                throws IOException, InterruptedException {
            load.connect(server.port(), FIRST);
            Memory before = Memory.of(server);
            load.connect(server.port(), connections - FIRST);
            Memory after = Memory.of(server);
            int more = connections - FIRST;
            double heap = (after.heap - before.heap) / (double) more / KIB;
            System.out.printf("%d connections: %s; %d: %s%n", FIRST, before, connections, after);
            return new PerConnection(heap, heap + (after.resident - before.resident) / (double) more / KIB);
        }
    }

    /** The gateway as applications have it, with what it knows of a client; there is no bound for it. */
    private void idleWithProtocol() throws IOException, InterruptedException {
        try (PeerServer server = PeerServer.start(PeerServer.gateway(io, REPLAY, "--protocol"), "rate", IDLE_RATE, 1);
                PeerLoad load = new PeerLoad(PeerDialect.GATEWAY, false, 0)) {
            PerConnection each = PerConnection.measure(server, load, idle);
            Figures.print("connections." + io + ".identified.heap-kib", each.heapKib);
            Figures.print("connections." + io + ".identified.all-kib", each.allKib);
        }
    }

    private boolean idle() throws IOException, InterruptedException {
        try (PeerServer server = PeerServer.start(PeerServer.gateway(io, REPLAY), "rate", IDLE_RATE, 1);
                PeerLoad load = new PeerLoad(PeerDialect.PLAIN, false, 0)) {
            PerConnection each = PerConnection.measure(server, load, idle);
            String figure = "connections." + io + ".idle";
            boolean kept = Figures.printAtMost(figure + ".heap-kib", each.heapKib, mostHeap());
            kept &= Figures.printAtMost(figure + ".all-kib", each.allKib, mostInAll());
            kept &= publish(server, load, figure);
            long due = (long) idle * IDLE_RATE * (seconds - 1);
            if (load.frames() < due) {
                System.err.println("only " + load.frames() + " frames came of " + due);
                return false;
            }
            return kept;
        }
    }

    private double mostHeap() {
        return (isEpoll() ? 1.5 : 1.7) + SESSION_KIB;
    }

    private double mostInAll() {
        return (isEpoll() ? 4 : 5) + SESSION_KIB;
    }

    private boolean isEpoll() {
        return io.equals("epoll");
    }

    private boolean stalled() throws IOException, InterruptedException {
        PeerServer.Make make = PeerServer.gateway(
                io, REPLAY, BACKLOG, "--send-buffer=" + SMALL_BUFFER, "--overflow=DROP_OLDEST_WITH_GAP");
        try (PeerServer server = PeerServer.start(make, "rate", STALLED_RATE, 1);
                PeerLoad load = new PeerLoad(PeerDialect.PLAIN, false, SMALL_BUFFER)) {
            load.connect(server.port(), stalled);
            load.stall();
            boolean kept = publish(server, load, "connections." + io + ".stalled");
            if (load.connected() != stalled) {
                System.err.println("only " + load.connected() + " are connected of " + stalled);
                return false;
            }
            return kept;
        }
    }

    /** Publishes; the first half is for rings and buffers to become as large as they get. */
    private boolean publish(PeerServer server, PeerLoad load, String figure) throws IOException, InterruptedException {
        load.start();
        TimeUnit.SECONDS.sleep(seconds / 2);
        Memory early = Memory.of(server);
        TimeUnit.SECONDS.sleep(seconds - seconds / 2);
        Memory late = Memory.of(server);
        System.out.printf("%s, while events are published: %s; later %s%n", figure, early, late);
        boolean kept = Figures.printAtMost(figure + ".heap-growth-percent", early.heapGrowth(late), MOST_GROWTH);
        kept &= Figures.printAtMost(figure + ".resident-growth-percent", early.residentGrowth(late), MOST_GROWTH);
        return kept;
    }
}
