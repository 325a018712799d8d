package dev.guildhall.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** Servers that do the same in rounds: each once in a round, and in the other order in every second one. */
final class GatewayRounds {
    private final GatewayScenario scenario;
    private final int warmUp;
    private final int seconds;
    private final List<Server> servers = new ArrayList<>();

    /** What one server did in one round: microseconds of processor, and milliseconds of latency. */
    record Run(double cpuPerFrame, double framesPerSecond, double p50, double p99) {}

    private record Server(String name, PeerServer.Make make, PeerDialect dialect, List<Run> runs) {}

    GatewayRounds(GatewayScenario scenario, int warmUp, int seconds) {
        this.scenario = scenario;
        this.warmUp = warmUp;
        this.seconds = seconds;
    }

    void add(String name, PeerServer.Make make, PeerDialect dialect) {
        servers.add(new Server(name, make, dialect, new ArrayList<>()));
    }

    void measure(int rounds) throws IOException, InterruptedException {
        List<Server> order = new ArrayList<>(servers);
        for (int round = 0; round < rounds; round++) {
            for (Server server : order) {
                Run run = run(server);
                System.out.printf(
                        "%s %s: %.2f us of processor and %.0f frames a second, p50 %.2f ms, p99 %.2f ms%n",
                        scenario, server.name, run.cpuPerFrame, run.framesPerSecond, run.p50, run.p99);
                server.runs.add(run);
            }
            Collections.reverse(order);
        }
    }

    private Run run(Server made) throws IOException, InterruptedException {
        try (PeerServer server = PeerServer.start(made.make, scenario.mode(), scenario.amount(), scenario.burst());
                PeerLoad load = new PeerLoad(made.dialect, scenario.isMax(), 0)) {
            load.connect(server.port(), scenario.connections());
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
            if (frames == 0 || load.connected() != scenario.connections()) {
                throw new IllegalStateException(frames + " frames came of " + server + ", and " + load.connected()
                        + " of " + scenario.connections() + " clients are left");
            }
            return new Run(
                    cpu / 1e3 / frames,
                    frames / span,
                    latencies.getValueAtPercentile(50) / 1e6,
                    latencies.getValueAtPercentile(99) / 1e6);
        }
    }

    GatewayScenario scenario() {
        return scenario;
    }

    /** The names of the servers, as they were added. */
    List<String> servers() {
        return servers.stream().map(Server::name).toList();
    }

    /** A value of each round. */
    double[] of(String server, ToDoubleFunction<Run> value) {
        Server found = servers.stream()
                .filter(each -> each.name.equals(server))
                .findFirst()
                .orElseThrow();
        return found.runs.stream().mapToDouble(value).toArray();
    }

    /** One server's value over another's, of each round. */
    double[] ratios(String server, String over, ToDoubleFunction<Run> value) {
        return Figures.ratios(of(server, value), of(over, value));
    }
}
