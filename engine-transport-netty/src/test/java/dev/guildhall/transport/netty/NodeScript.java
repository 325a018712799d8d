package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that runs in Node: a script of the test resources in the folder {@code node}, with the libraries of the package.json beside it, which npm
 * fetches once. What it prints is read line by line. Where there is no Node the test is skipped, but not in CI, where it fails.
 */
final class NodeScript implements AutoCloseable {
    private static final Path FOLDER = Path.of("target", "node").toAbsolutePath();
    private static final String LIBRARIES = "package.json";
    private static final long PATIENCE_SECONDS = 30;
    private static final long INSTALL_SECONDS = 180;
    private static final String END = "";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private NodeScript(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    static NodeScript start(String script, String... arguments) throws IOException, InterruptedException {
        install();
        List<String> command = new ArrayList<>(List.of("node", resource(script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder node = new ProcessBuilder(command)
                .redirectError(FOLDER.resolve(script + ".log").toFile());
        node.environment().put("NODE_PATH", FOLDER.resolve("node_modules").toString());
        return new NodeScript(node.start());
    }

    /** Fetches the libraries, unless these are there already; one after the other, also of the test's JVMs. */
    private static synchronized void install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        try (FileChannel channel =
                        FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            installIfMissing();
        }
    }

    private static void installIfMissing() throws IOException, InterruptedException {
        Path wanted = resource(LIBRARIES);
        Path present = FOLDER.resolve(LIBRARIES);
        Path done = FOLDER.resolve("installed");
        if (Files.exists(done) && Files.mismatch(wanted, present) == -1) {
            return;
        }
        Files.deleteIfExists(done);
        Files.copy(wanted, present, StandardCopyOption.REPLACE_EXISTING);
        Path log = FOLDER.resolve("npm.log");
        Process npm;
        try {
            npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--no-package-lock")
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            missing("there is no npm: " + e.getMessage());
            return;
        }
        boolean ended = npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS);
        if (!ended || npm.exitValue() != 0) {
            npm.destroyForcibly();
            missing("npm cannot fetch the libraries: " + Files.readString(log));
        }
        Files.createFile(done);
    }

    private static void missing(String why) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(why);
        }
        abort(why);
    }

    private static Path resource(String name) {
        try {
            return Path.of(NodeScript.class.getResource("/node/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (UncheckedIOException | IOException e) {
            lines.add("cannot be read: " + e);
        }
        lines.add(END);
    }

    /** The next line, or null if the script has ended. */
    @Nullable
    String next() throws InterruptedException {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(line).as("a line of %s", process.info()).isNotNull();
        return line.equals(END) ? null : line;
    }

    int status() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
