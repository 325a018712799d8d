package dev.guildhall.bench.rivals;

import dev.guildhall.bench.ChildJvm;
import dev.guildhall.bench.Jmh;
import dev.guildhall.bench.results.KeepResults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench rivals}. In each round every contender has a JVM of its own at each size, one after the other, and the next round goes
 * through them the other way round, so that a change of the machine's mood meets all of them; a ratio is the median of the rounds'
 * ratios.
 */
@Command(
        name = "guildhall bench rivals",
        mixinStandardHelpOptions = true,
        description = "Deliveries a second beside other libraries, and the figures of the engine that have a bound.")
public final class RivalsBench implements Callable<Integer> {
    private static final Jmh.Effort USUAL = new Jmh.Effort(1, 2, 2, 500);
    private static final Jmh.Effort THOROUGH = new Jmh.Effort(1, 5, 5, 700);

    @Option(names = "--rival", paramLabel = "NAME", description = "Beside this one only; may be repeated.")
    private List<Contender> rivals = List.of();

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "At this size only, 1000 to 100000 or small; may be repeated.")
    private List<Scenario> sizes = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Rounds of the ratios (default 3); 0 for the engine's figures only.")
    private int rounds;

    @Option(names = "--full", description = "More and longer iterations, and the Disruptor too.")
    private boolean full;

    @Option(names = "--measure", hidden = true)
    private @Nullable Measure measure;

    /** What is measured of the engine alone, each in a JVM of its own. */
    private enum Measure {
        LATENCY,
        SESSIONS,
        PUBLISHERS,
        MILLION
    }

    private RivalsBench() {}

    /** Runs the command. */
    public static void main(String[] args) {
        CommandLine rivals = new CommandLine(new RivalsBench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Scenario.class, Scenario::of);
        KeepResults.install(rivals, "./guildhall bench rivals");
        System.exit(rivals.execute(args));
    }

    @Override
    public Integer call() throws RunnerException, IOException, InterruptedException {
        if (measure != null) {
            measureHere(measure);
            return 0;
        }
        List<String> figures = new ArrayList<>();
        if (rivals.isEmpty() && sizes.isEmpty()) {
            for (Measure each : Measure.values()) {
                figures.addAll(ChildJvm.run(RivalsBench.class, "4g", List.of("--measure", each.name())));
            }
        }
        RivalsTable table = measureRatios();
        System.out.println();
        table.print();
        table.printFigures();
        figures.stream().filter(line -> line.startsWith("figure ")).forEach(System.out::println);
        return 0;
    }

    private static void measureHere(Measure what) throws InterruptedException {
        switch (what) {
            case LATENCY -> new LatencyRun().measure();
            case SESSIONS -> new SessionsRun().measure();
            case PUBLISHERS -> new PublishersRun().measure();
            case MILLION -> new MillionRun().measure();
        }
    }

    private RivalsTable measureRatios() throws RunnerException {
        List<Contender> order = contenders();
        RivalsTable table = new RivalsTable();
        for (int round = 0; round < rounds; round++) {
            for (Scenario scenario : sizes.isEmpty() ? List.of(Scenario.values()) : sizes) {
                for (Contender contender : order) {
                    table.add(scenario, contender, deliveriesPerSecond(contender, scenario));
                }
            }
            Collections.reverse(order);
        }
        return table;
    }

    private List<Contender> contenders() {
        List<Contender> chosen = new ArrayList<>(List.of(Contender.GUILDHALL));
        for (Contender each : rivals.isEmpty() ? List.of(Contender.values()) : rivals) {
            if (!chosen.contains(each) && (each != Contender.DISRUPTOR || full || !rivals.isEmpty())) {
                chosen.add(each);
            }
        }
        return chosen;
    }

    private double deliveriesPerSecond(Contender contender, Scenario scenario) throws RunnerException {
        System.out.printf(Locale.ROOT, "%-19s %6s ... ", contender.label(), scenario.label());
        System.out.flush();
        boolean many = scenario == Scenario.ONE_OF_100000;
        RunResult result = Jmh.run(
                RivalsBenchmark.class,
                many ? "fanOutToMany" : "fanOut",
                Map.of("contender", contender.name(), "scenario", scenario.name()),
                full ? THOROUGH : USUAL);
        double score = Jmh.score(result);
        System.out.printf(Locale.ROOT, "%,15.0f deliveries/s%n", score);
        return score;
    }
}
