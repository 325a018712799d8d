package dev.guildhall.bench.load;

import dev.guildhall.SessionOptions;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./guildhall load serve}: something to run loads against. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves a gateway to try loads on, until it is stopped by ctrl-C.")
final class ServeCommand implements Callable<Integer> {
    private static final int MOST_PORT = 65_535;
    private static final int MOST_LOOPS = 256;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--port", paramLabel = "PORT", description = "Of 127.0.0.1 (default ${DEFAULT-VALUE}).")
    private int port = LoadTarget.DEFAULT_PORT;

    @Option(names = "--event-loops", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.")
    private int eventLoops = 1;

    ServeCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > MOST_PORT || eventLoops < 1 || eventLoops > MOST_LOOPS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--port must be 0 to " + MOST_PORT + " and --event-loops 1 to " + MOST_LOOPS + ", were " + port
                            + " and " + eventLoops);
        }
        try (LoadTarget target = new LoadTarget(port, eventLoops, SessionOptions.DEFAULT)) {
            System.out.println("serving " + target.url() + ", ctrl-C ends it");
            new CountDownLatch(1).await();
            return 0;
        } catch (IllegalStateException | UncheckedIOException e) {
            System.err.println("load: cannot serve: " + e.getMessage());
            return 1;
        }
    }
}
