package dev.guildhall.examples.chat;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the chat server. */
@Command(
        name = "chat-server",
        description = "Serves the Guildhall chat until it is stopped by ctrl-C or SIGTERM.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        version = "Guildhall chat server 0.1.0")
public final class Main implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "listen on; default ${DEFAULT-VALUE}, this machine only")
    private String host = ChatOptions.DEFAULT_HOST;

    @Option(names = "--port", paramLabel = "PORT", description = "page and REST; default ${DEFAULT-VALUE}")
    private int port = ChatOptions.DEFAULT_PORT;

    @Option(names = "--gateway-port", paramLabel = "PORT", description = "live events; default the port after --port")
    private @Nullable Integer gatewayPort;

    @Option(
            names = "--gateway-url",
            paramLabel = "URL",
            description = "how clients reach the gateway, if not at host and port, such as wss://chat.example/gateway")
    private @Nullable URI gatewayUrl;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description =
                    "where the page is, if not at the gateway's host, such as https://chat.example; may be given several times")
    private List<String> allowedOrigins = new ArrayList<>();

    @Option(names = "--data", paramLabel = "FOLDER", description = "folder of the database; default ./${DEFAULT-VALUE}")
    private Path data = Path.of(ChatOptions.DEFAULT_DATA);

    Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ChatServer server;
        try {
            server = ChatServer.open(options());
        } catch (IOException | RuntimeException e) {
            spec.commandLine().getErr().println("The chat server cannot start: " + Failures.reason(e));
            return FAILED;
        }
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            out.println("Stopping ...");
            out.flush();
            server.close();
            closed.countDown();
        }));
        out.println("Guildhall chat is running");
        out.println("  page     " + server.url());
        out.println("  gateway  " + server.gatewayUrl());
        out.println("  data     " + data.toAbsolutePath().normalize());
        out.println("Press ctrl-C to stop");
        out.flush();
        // The threads that serve do not keep a process alive by themselves.
        closed.await();
        return 0;
    }

    private ChatOptions options() {
        int following = port == 0 ? 0 : port + 1;
        return new ChatOptions(
                host, port, gatewayPort == null ? following : gatewayPort, gatewayUrl, allowedOrigins, data);
    }
}
