package dev.guildhall.bench;

import dev.guildhall.transport.netty.internal.CompressionBenchmark;
import dev.guildhall.transport.netty.internal.CompressionBenchmark.Contender;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench compression}: processor time and bytes of a frame for each way of compression, in rounds whose order alternates. {@link
 * CompressionBenchmark} says what is timed.
 */
@Command(
        name = "compression",
        mixinStandardHelpOptions = true,
        description = "What compression costs a frame in processor time, and saves in bytes.")
final class CompressionCommand implements Callable<Integer> {
    private static final int[] SIZES = {128, 512, 4096};

    @Option(
            names = "--rounds",
            converter = AtLeastOne.class,
            defaultValue = "3",
            description = "Alternated rounds, each in new JVMs (default 3).")
    private int rounds;

    @Option(
            names = "--receivers",
            converter = AtLeastOne.class,
            defaultValue = "100",
            description = "Connections for each event (default 100).")
    private int receivers;

    @Option(names = "--level", defaultValue = "1", description = "Of deflate and zstd, 1 to 9 (default 1).")
    private int level;

    @Option(
            names = "--iterations",
            converter = AtLeastOne.class,
            defaultValue = "3",
            description = "Timed in each JVM (default 3).")
    private int iterations;

    /** A way, a size and how many get each event. */
    private record Scenario(Contender contender, int bytes, int receivers) {
        String name() {
            return "compression." + contender.name().toLowerCase(Locale.ROOT).replace('_', '-') + "." + bytes;
        }
    }

    @Override
    public Integer call() throws RunnerException {
        List<Scenario> scenarios = new ArrayList<>();
        for (int bytes : SIZES) {
            for (Contender contender : Contender.values()) {
                scenarios.add(new Scenario(contender, bytes, 1));
                scenarios.add(new Scenario(contender, bytes, receivers));
            }
        }
        Map<Scenario, List<Double>> nanos = new LinkedHashMap<>();
        for (int i = 0; i < rounds; i++) {
            for (Scenario scenario : scenarios) {
                nanos.computeIfAbsent(scenario, key -> new ArrayList<>()).add(run(scenario));
            }
            Collections.reverse(scenarios);
        }
        System.out.printf(
                "%nalone is an event with one receiver: all of its work. per-frame is one of %d.%n%n", receivers);
        nanos.forEach(this::print);
        return 0;
    }

    private double run(Scenario scenario) throws RunnerException {
        RunResult result = Jmh.run(
                CompressionBenchmark.class,
                "fanOut",
                Map.of(
                        "contender", scenario.contender.name(),
                        "bytes", Integer.toString(scenario.bytes),
                        "receivers", Integer.toString(scenario.receivers),
                        "level", Integer.toString(level)),
                new Jmh.Effort(1, 2, iterations));
        double perFrame = Jmh.score(result) / scenario.receivers;
        System.out.printf(
                Locale.ROOT, "%-28s %5d receivers %,10.1f ns a frame%n", scenario.name(), scenario.receivers, perFrame);
        return perFrame;
    }

    private void print(Scenario scenario, List<Double> nanos) {
        String what = scenario.receivers == 1 ? ".alone-microseconds" : ".per-frame-microseconds";
        Figures.printSpread(
                scenario.name() + what,
                nanos.stream().mapToDouble(value -> value / 1_000).toArray());
        if (scenario.receivers == 1) {
            Figures.print(
                    scenario.name() + ".bytes",
                    CompressionBenchmark.bytesPerFrame(scenario.contender, scenario.bytes, level));
        }
    }
}
