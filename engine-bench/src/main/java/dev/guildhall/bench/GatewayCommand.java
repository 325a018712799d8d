package dev.guildhall.bench;

import dev.guildhall.bench.GatewayRounds.Run;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
            split = ",",
            paramLabel = "NAME",
            converter = SocketRival.Named.class,
            description = "Also beside these, of the module of rivals: jetty, vertx, netty-socketio.")
    private Set<SocketRival> rivals = EnumSet.noneOf(SocketRival.class);

    @Option(
            names = "--scenario",
            split = ",",
            paramLabel = "NAME",
            converter = GatewayScenario.Named.class,
            description = "Only these: steady, bursts, max-1000, max-10000.")
    private List<GatewayScenario> scenarios = GatewayScenario.ALL;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path program = compile();
        moveToTheOtherProcessor();
        boolean kept = true;
        for (GatewayScenario scenario : scenarios) {
            GatewayRounds servers = new GatewayRounds(scenario, warmUp, seconds);
            servers.add(C, PeerServer.c(program, scenario.joined() ? "joined" : ""), PeerDialect.PLAIN);
            if (scenario.isSteady()) {
                servers.add(C_IO_URING, PeerServer.c(program, "ring"), PeerDialect.PLAIN);
            }
            servers.add(EPOLL, PeerServer.gateway(EPOLL), PeerDialect.PLAIN);
            servers.add(IO_URING, PeerServer.gateway(IO_URING), PeerDialect.PLAIN);
            rivals.forEach(rival -> servers.add(rival.toString(), rival.make(), rival.dialect));
            servers.measure(rounds);
            kept &= judge(servers);
            rivals.forEach(rival -> compare(servers, rival.toString()));
        }
        return kept ? 0 : 1;
    }

    private static void moveToTheOtherProcessor() throws IOException, InterruptedException {
        String pid = String.valueOf(ProcessHandle.current().pid());
        new ProcessBuilder("taskset", "-a", "-p", "-c", "1", pid)
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    private static boolean judge(GatewayRounds rounds) {
        String scenario = "gateway." + rounds.scenario() + ".";
        for (String server : rounds.servers()) {
            Figures.printSpread(scenario + server + ".cpu-micros", rounds.of(server, Run::cpuPerFrame));
        }
        if (rounds.servers().contains(C_IO_URING)) {
            Figures.printSpread(scenario + C_IO_URING + ".cpu-ratio", rounds.ratios(C_IO_URING, C, Run::cpuPerFrame));
        }
        if (rounds.scenario().isMax()) {
            Figures.printSpread(scenario + C + ".frames-per-second", rounds.of(C, Run::framesPerSecond));
        }
        boolean kept = true;
        for (String io : List.of(EPOLL, IO_URING)) {
            String name = scenario + io + ".";
            double[] cpu = rounds.ratios(io, C, Run::cpuPerFrame);
            if (rounds.scenario().isMax()) {
                Figures.printSpread(name + "cpu-ratio", cpu);
                kept &= Figures.printGatedFromBelow(
                        name + "frames-per-second", rounds.of(io, Run::framesPerSecond), 4e6);
                continue;
            }
            boolean steady = rounds.scenario().isSteady();
            double mostCpu = !steady ? 1.7 : io.equals(EPOLL) ? 1.35 : 1.0;
            kept &= Figures.printGated(name + "cpu-ratio", cpu, mostCpu);
            double[] p50 = rounds.ratios(io, C, Run::p50);
            double[] p99 = rounds.ratios(io, C, Run::p99);
            if (steady) {
                double mostLatency = io.equals(EPOLL) ? 1.5 : 2;
                kept &= Figures.printGated(name + "p50-ratio", p50, mostLatency);
                kept &= Figures.printGated(name + "p99-ratio", p99, mostLatency);
            } else {
                Figures.printSpread(name + "p50-ratio", p50);
                Figures.printSpread(name + "p99-ratio", p99);
            }
        }
        return kept;
    }

    /** Ours, with epoll, over theirs. */
    private static void compare(GatewayRounds rounds, String rival) {
        String name = "gateway." + rounds.scenario() + ".epoll-over-" + rival + ".";
        Figures.printSpread(name + "cpu-ratio", rounds.ratios(EPOLL, rival, Run::cpuPerFrame));
        Figures.printSpread(name + "frames-ratio", rounds.ratios(EPOLL, rival, Run::framesPerSecond));
        if (!rounds.scenario().isMax()) {
            Figures.printSpread(name + "p50-ratio", rounds.ratios(EPOLL, rival, Run::p50));
            Figures.printSpread(name + "p99-ratio", rounds.ratios(EPOLL, rival, Run::p99));
        }
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
