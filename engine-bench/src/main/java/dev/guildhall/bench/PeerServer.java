package dev.guildhall.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server under measurement: a process on the first processor, and the processor time it has had. */
final class PeerServer implements AutoCloseable {
    private static final long TICKS_PER_SECOND = 100; // USER_HZ, which Linux shows to everybody
    private static final int USER_TICKS = 11; // counted from the field after the name
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final int port;

    private PeerServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** What a server of one make is told. */
    interface Make {
        /** The command line. */
        List<String> command(int port, String mode, int amount, int burst);
    }

    /**
     * The baseline.
     *
     * @param how empty for a send per frame, or {@code joined} or {@code ring}
     */
    static Make c(Path program, String how) {
        return (port, mode, amount, burst) -> {
            List<String> command = new ArrayList<>(List.of(
                    program.toString(), String.valueOf(port), mode, String.valueOf(amount), String.valueOf(burst)));
            if (!how.isEmpty()) {
                command.add(how);
            }
            return command;
        };
    }

    static Make gateway(String io, String... options) {
        List<String> all = new ArrayList<>(List.of("--io=" + io));
        all.addAll(List.of(options));
        return java(GatewayPeer.class.getName(), all);
    }

    /** A main class on this JVM's class path that takes the same arguments. */
    static Make java(String mainClass, List<String> options) {
        return (port, mode, amount, burst) -> {
            List<String> command = new ArrayList<>(List.of(
                    System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseG1GC", // which the JVM does not take by itself on one processor
                    "-Xms1g", // touched from the beginning, so that the process grows by what is not heap
                    "-Xmx1g",
                    "-XX:+AlwaysPreTouch",
                    "-cp",
                    System.getProperty("java.class.path"),
                    mainClass,
                    String.valueOf(port),
                    mode,
                    String.valueOf(amount),
                    String.valueOf(burst)));
            command.addAll(options);
            return command;
        };
    }

    static PeerServer start(Make make, String mode, int amount, int burst) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of("taskset", "-c", "0"));
        command.addAll(make.command(port, mode, amount, burst));
        PeerServer server = new PeerServer(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start(),
                port);
        server.awaitPort();
        return server;
    }

    int port() {
        return port;
    }

    private void awaitPort() throws InterruptedException {
        long began = System.nanoTime();
        while (System.nanoTime() - began < PATIENCE_NANOS && process.isAlive()) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new IllegalStateException("the server did not start: " + process);
    }

    /** Processor time since its start, in nanoseconds. */
    long cpuNanos() {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]);
            return ticks * TimeUnit.SECONDS.toNanos(1) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException("the server is gone", e);
        }
    }

    /** Bytes of memory that the process has in use: a JVM's, its whole heap among them. */
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            Matcher resident = RESIDENT.matcher(line);
            if (resident.matches()) {
                return Long.parseLong(resident.group(1)) << 10;
            }
        }
        throw new IllegalStateException("no resident size of " + process);
    }

    /** Bytes of a JVM's objects that are in use, after a full collection. */
    long liveHeapBytes() throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "jcmd",
                        String.valueOf(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String last = "";
        for (String line :
                histogram.inputReader(StandardCharsets.US_ASCII).lines().toList()) {
            Matcher total = TOTAL.matcher(line);
            if (total.matches()) {
                return Long.parseLong(total.group(1));
            }
            last = line;
        }
        throw new IllegalStateException("jcmd ended with " + histogram.waitFor() + ": " + last);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "PeerServer[" + process + ", port " + port + "]";
    }
}
