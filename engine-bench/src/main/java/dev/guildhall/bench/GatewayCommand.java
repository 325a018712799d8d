package dev.guildhall.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bench gateway}: the whole engine behind its gateway beside a server in C, on one processor each in turn, with the clients on
 * the other. A round has each server once, and every second round has them in the other order; figures are ratios within a round.
 */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        description =
                "Processor time per frame and latency of the gateway beside a server in C. Needs Linux, taskset and cc.")
final class GatewayCommand implements Callable<Integer> {
    private static final String C = "c";

    /** The same server with io_uring: what is left of the processor's work when nothing but the kernel's is done. */
    private static final String C_IO_URING = "c_io_uring";

    private static final String EPOLL = "epoll";
    private static final String IO_URING = "io_uring";
    private static final String NETTY_SOCKETIO = "netty-socketio";

    @Option(
            names = "--rounds",
            converter = AtLeastOne.class,
            defaultValue = "5",
            description = "Rounds of each scenario (default 5).")
    private int rounds;

    @Option(
            names = "--seconds",
            converter = AtLeastOne.class,
            defaultValue = "6",
            description = "Measured of each server and round (default 6).")
    private int seconds;

    @Option(names = "--warm-up", defaultValue = "12", description = "Seconds before that (default 12).")
    private int warmUp;

    @Option(
            names = "--rival",
            description = "Also beside this one: jetty, vertx or netty-socketio, of the module of rivals.")
    private String rival = "";

    @Option(names = "--scenario", description = "Only this one: steady, bursts, max-1000 or max-10000.")
    private String only = "";

    /** What the servers do. */
    private record Scenario(String name, int connections, String mode, int amount, int burst, boolean joined) {
        boolean isSteady() {
            return !isMax() && burst == 1;
        }

        boolean isMax() {
            return mode.equals("max");
        }
    }

    private static final List<Scenario> SCENARIOS = List.of(
            new Scenario("steady", 1_000, "rate", 50, 1, false),
            new Scenario("bursts", 1_000, "rate", 400, 8, true),
            new Scenario("max-1000", 1_000, "max", 64, 1, true),
            new Scenario("max-10000", 10_000, "max", 64, 1, true));

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What one server did in one round. */
    private record Run(double cpuPerFrame, double framesPerSecond, double p50, double p99) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Scenario> chosen = SCENARIOS.stream()
                .filter(scenario -> only.isEmpty() || only.equals(scenario.name))
                .toList();
        if (chosen.isEmpty()) {
            throw refused("no scenario '" + only + "'; there are "
                    + SCENARIOS.stream().map(Scenario::name).toList());
        }
        String rivalClass = rival.isEmpty() ? "" : rivalClass();
        Path program = compile();
        new ProcessBuilder(
                        "taskset",
                        "-a",
                        "-p",
                        "-c",
                        "1",
                        String.valueOf(ProcessHandle.current().pid()))
                .redirectErrorStream(true)
                .start()
                .waitFor();
        boolean kept = true;
        for (Scenario scenario : chosen) {
            Map<String, PeerServer.Make> makes = new LinkedHashMap<>();
            makes.put(C, PeerServer.c(program, scenario.joined ? "joined" : ""));
            if (scenario.isSteady()) {
                makes.put(C_IO_URING, PeerServer.c(program, "ring"));
            }
            makes.put(EPOLL, PeerServer.gateway(EPOLL));
            makes.put(IO_URING, PeerServer.gateway(IO_URING));
            if (!rival.isEmpty()) {
                makes.put(rival, PeerServer.java(rivalClass, List.of()));
            }
            Map<String, List<Run>> runs = measure(scenario, makes);
            kept &= judge(scenario, runs);
            if (!rival.isEmpty()) {
                compare(scenario, runs);
            }
        }
        return kept ? 0 : 1;
    }

    /** By name, because the module of rivals depends on this one. */
    private String rivalClass() {
        return switch (rival) {
            case "jetty" -> "dev.guildhall.bench.rivals.socket.JettyPeer";
            case "vertx" -> "dev.guildhall.bench.rivals.socket.VertxPeer";
            case NETTY_SOCKETIO -> "dev.guildhall.bench.rivals.socket.NettySocketIoPeer";
            default -> throw refused("no rival '" + rival + "'; there are jetty, vertx and " + NETTY_SOCKETIO);
        };
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    /** Ours, with epoll, over theirs. */
    private void compare(Scenario scenario, Map<String, List<Run>> runs) {
        String name = "gateway." + scenario.name + ".epoll-over-" + rival + ".";
        Figures.printSpread(name + "cpu-ratio", ratios(runs, Run::cpuPerFrame));
        if (scenario.isMax()) {
            Figures.printSpread(name + "frames-ratio", ratios(runs, Run::framesPerSecond));
        } else {
            Figures.printSpread(name + "p50-ratio", ratios(runs, Run::p50));
            Figures.printSpread(name + "p99-ratio", ratios(runs, Run::p99));
        }
    }

    private double[] ratios(Map<String, List<Run>> runs, ToDoubleFunction<Run> value) {
        List<Run> ours = runs.getOrDefault(EPOLL, List.of());
        List<Run> theirs = runs.getOrDefault(rival, List.of());
        return IntStream.range(0, rounds)
                .mapToDouble(i -> value.applyAsDouble(ours.get(i)) / value.applyAsDouble(theirs.get(i)))
                .toArray();
    }

    private Map<String, List<Run>> measure(Scenario scenario, Map<String, PeerServer.Make> makes)
            throws IOException, InterruptedException {
        Map<String, List<Run>> runs = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            List<String> order = new ArrayList<>(makes.keySet());
            if (round % 2 == 1) {
                Collections.reverse(order);
            }
            for (String name : order) {
                Run run = run(scenario, Objects.requireNonNull(makes.get(name)), dialectOf(name));
                System.out.printf(
                        "%s %s: %.2f us of processor and %.0f frames a second, p50 %.2f ms, p99 %.2f ms%n",
                        scenario.name, name, run.cpuPerFrame, run.framesPerSecond, run.p50, run.p99);
                runs.computeIfAbsent(name, key -> new ArrayList<>()).add(run);
            }
        }
        return runs;
    }

    private static PeerDialect dialectOf(String server) {
        return server.equals(NETTY_SOCKETIO) ? PeerDialect.SOCKET_IO : PeerDialect.PLAIN;
    }

    private Run run(Scenario scenario, PeerServer.Make make, PeerDialect dialect)
            throws IOException, InterruptedException {
        try (PeerServer server = PeerServer.start(make, scenario.mode, scenario.amount, scenario.burst);
                PeerLoad load = new PeerLoad(dialect, scenario.isMax(), 0)) {
            load.connect(server.port(), scenario.connections);
            load.start();
            TimeUnit.SECONDS.sleep(warmUp);
            load.record();
            long frames = load.frames();
            long cpu = server.cpuNanos();
            long began = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            frames = load.frames() - frames;
            cpu = server.cpuNanos() - cpu;
            double span = (System.nanoTime() - began) / 1e9;
            Histogram latencies = load.recorded();
            if (frames == 0) {
                throw new IllegalStateException("no frames came of " + server);
            }
            return new Run(
                    cpu / 1e3 / frames,
                    frames / span,
                    latencies.getValueAtPercentile(50) / 1e6,
                    latencies.getValueAtPercentile(99) / 1e6);
        }
    }

    private boolean judge(Scenario scenario, Map<String, List<Run>> runs) {
        List<Run> c = runs.getOrDefault(C, List.of());
        boolean kept = true;
        runs.forEach((server, all) -> Figures.printSpread(
                "gateway." + scenario.name + "." + server + ".cpu-micros",
                all.stream().mapToDouble(Run::cpuPerFrame).toArray()));
        List<Run> floor = runs.getOrDefault(C_IO_URING, List.of());
        if (!floor.isEmpty()) {
            Figures.printSpread("gateway." + scenario.name + "." + C_IO_URING + ".cpu-ratio", cpuRatios(floor, c));
        }
        for (String io : List.of(EPOLL, IO_URING)) {
            List<Run> ours = runs.getOrDefault(io, List.of());
            String name = "gateway." + scenario.name + "." + io + ".";
            double[] cpu = cpuRatios(ours, c);
            if (scenario.isMax()) {
                Figures.printSpread(name + "cpu-ratio", cpu);
                kept &= Figures.printGatedFromBelow(
                        name + "frames-per-second",
                        ours.stream().mapToDouble(Run::framesPerSecond).toArray(),
                        4e6);
                continue;
            }
            boolean steady = scenario.isSteady();
            double most = !steady ? 1.7 : io.equals(EPOLL) ? 1.35 : 1.0;
            kept &= Figures.printGated(name + "cpu-ratio", cpu, most);
            double[] p50 = IntStream.range(0, rounds)
                    .mapToDouble(i -> ours.get(i).p50 / c.get(i).p50)
                    .toArray();
            double[] p99 = IntStream.range(0, rounds)
                    .mapToDouble(i -> ours.get(i).p99 / c.get(i).p99)
                    .toArray();
            if (!steady) {
                Figures.printSpread(name + "p50-ratio", p50);
                Figures.printSpread(name + "p99-ratio", p99);
            } else {
                kept &= Figures.printGated(name + "p50-ratio", p50, io.equals(EPOLL) ? 1.5 : 2);
                kept &= Figures.printGated(name + "p99-ratio", p99, io.equals(EPOLL) ? 1.5 : 2);
            }
        }
        return kept;
    }

    private static double[] cpuRatios(List<Run> of, List<Run> baseline) {
        return IntStream.range(0, of.size())
                .mapToDouble(i -> of.get(i).cpuPerFrame / baseline.get(i).cpuPerFrame)
                .toArray();
    }

    /** The baseline comes as source, as its compiler's flags are part of the comparison. */
    private static Path compile() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("guildhall-bench");
        Path source = folder.resolve("send_per_frame.c");
        try (InputStream text = GatewayCommand.class.getResourceAsStream("/send_per_frame.c")) {
            if (text == null) {
                throw new IllegalStateException("send_per_frame.c is not in the jar");
            }
            Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
        }
        Path program = folder.resolve("send_per_frame");
        int status = new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("cc ended with status " + status);
        }
        for (Path made : List.of(folder, source, program)) { // deleted in the reverse order
            made.toFile().deleteOnExit();
        }
        return program;
    }
}
