package dev.guildhall.bench;

import dev.guildhall.OverflowPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench stalled}: a guild publishes while many of its clients read nothing. Each pair is a run with and one without
 * these, each in a JVM of its own; which comes first alternates.
 */
@Command(
        name = "stalled",
        mixinStandardHelpOptions = true,
        description = "What clients that read nothing cost the heap and the others' latency.")
final class StalledCommand implements Callable<Integer> {
    @Option(names = "--pairs", defaultValue = "5", description = "Alternated pairs of runs (default 5).")
    private int pairs;

    @Option(names = "--seconds", defaultValue = "60", description = "Length of a run, at least 30 (default 60).")
    private int seconds;

    @Option(names = "--stalled", defaultValue = "10000", description = "Clients that read nothing (default 10,000).")
    private int stalled;

    @Option(names = "--healthy", defaultValue = "10000", description = "Clients that read (default 10,000).")
    private int healthy;

    @Option(names = "--rate", defaultValue = "50", description = "Events a second (default 50).")
    private int rate;

    @Option(
            names = "--policy",
            defaultValue = "DROP_OLDEST_WITH_GAP",
            description = "Of the stalled ones; with another one they end (default DROP_OLDEST_WITH_GAP).")
    private OverflowPolicy policy = OverflowPolicy.DROP_OLDEST_WITH_GAP;

    @Option(names = "--in-this-jvm", hidden = true)
    private boolean inThisJvm;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (inThisJvm) {
            new StalledRun(stalled, healthy, rate, Duration.ofSeconds(seconds), policy).measure();
            return 0;
        }
        List<Pair> measured = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            measured.add(pair(i % 2 == 0));
        }
        System.out.println();
        print("stalled.heap-growth-percent", measured, Pair::heapGrowth);
        print("stalled.p99-ratio", measured, pair -> pair.p99 / pair.p99Without);
        print("stalled.p99-micros", measured, Pair::p99);
        print("stalled.without.p99-micros", measured, Pair::p99Without);
        return 0;
    }

    /** Heap growth in percent and p99 in microseconds with stalled clients, and p99 without. */
    private record Pair(double heapGrowth, double p99, double p99Without) {}

    private Pair pair(boolean withFirst) throws IOException, InterruptedException {
        List<String> with = withFirst ? run(stalled) : List.of();
        List<String> without = run(0);
        if (!withFirst) {
            with = run(stalled);
        }
        return new Pair(
                Figures.find(StalledRun.HEAP_GROWTH, with),
                Figures.find(StalledRun.P99, with),
                Figures.find(StalledRun.P99, without));
    }

    private List<String> run(int stalledClients) throws IOException, InterruptedException {
        return ChildJvm.run(
                "3g",
                List.of(
                        "stalled",
                        "--in-this-jvm",
                        "--stalled=" + stalledClients,
                        "--healthy=" + healthy,
                        "--rate=" + rate,
                        "--seconds=" + seconds,
                        "--policy=" + policy));
    }

    private static void print(String name, List<Pair> measured, ToDoubleFunction<Pair> value) {
        Figures.print(name, Figures.median(measured.stream().mapToDouble(value).toArray()));
    }
}
