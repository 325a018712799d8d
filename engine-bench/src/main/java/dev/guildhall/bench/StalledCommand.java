package dev.guildhall.bench;

import dev.guildhall.OverflowPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bench stalled}: a guild publishes while many of its clients read nothing. Each pair is a run with and one without
 * these, each in a JVM of its own; which comes first alternates. {@link StalledRun} says what is measured. Ends with a status
 * other than 0 if the heap grew or the others' latency rose by more than is allowed.
 */
@Command(
        name = "stalled",
        mixinStandardHelpOptions = true,
        description = "What clients that read nothing cost the heap and the others' latency.")
final class StalledCommand implements Callable<Integer> {
    private static final double MOST_GROWTH = 2;
    private static final double MOST_P99_RATIO = 1.3;
    private static final int LEAST_SECONDS = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--pairs",
            converter = AtLeastOne.class,
            defaultValue = "5",
            description = "Alternated pairs of runs (default 5).")
    private int pairs;

    private int seconds;

    @Option(names = "--stalled", defaultValue = "10000", description = "Clients that read nothing (default 10,000).")
    private int stalled;

    @Option(
            names = "--healthy",
            converter = AtLeastOne.class,
            defaultValue = "10000",
            description = "Clients that read (default 10,000).")
    private int healthy;

    @Option(
            names = "--rate",
            converter = AtLeastOne.class,
            defaultValue = "50",
            description = "Events a second (default 50).")
    private int rate;

    @Option(
            names = "--policy",
            defaultValue = "DROP_OLDEST_WITH_GAP",
            description =
                    "Of the clients that read nothing. DROP_OLDEST_WITH_GAP (default): they stay connected to the end."
                            + " DISCONNECT_RESUMABLE: they are disconnected before the clock starts, are awaited for half of"
                            + " the run, and end. INVALIDATE: they end before the clock starts.")
    private OverflowPolicy policy = OverflowPolicy.DROP_OLDEST_WITH_GAP;

    @Option(names = "--in-this-jvm", hidden = true)
    private boolean inThisJvm;

    @Option(names = "--seconds", defaultValue = "60", description = "Length of a run, at least 10 (default 60).")
    void setSeconds(int seconds) {
        if (seconds < LEAST_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds must be at least " + LEAST_SECONDS + ", was " + seconds);
        }
        this.seconds = seconds;
    }

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
        System.out.printf("%nClients that read nothing had the policy %s.%n%n", policy);
        boolean isWithin =
                Figures.printGated("stalled.heap-growth-percent", values(measured, Pair::heapGrowth), MOST_GROWTH);
        isWithin &= Figures.printGated(
                "stalled.p99-ratio", values(measured, pair -> pair.with.p99 / pair.without.p99), MOST_P99_RATIO);
        Figures.printSpread("stalled.p90-ratio", values(measured, pair -> pair.with.p90 / pair.without.p90));
        Figures.printSpread("stalled.p99-micros", values(measured, pair -> pair.with.p99));
        Figures.printSpread("stalled.without.p99-micros", values(measured, pair -> pair.without.p99));
        Figures.printSpread("stalled.floor.p99-micros", values(measured, pair -> pair.with.floorP99));
        Figures.printSpread("stalled.without.floor.p99-micros", values(measured, pair -> pair.without.floorP99));
        return isWithin ? 0 : 1;
    }

    /** Latencies of a run in microseconds, and the p99 of what measuring them takes. */
    private record Latencies(double p90, double p99, double floorP99) {
        static Latencies of(List<String> lines) {
            return new Latencies(
                    Figures.find(StalledRun.P90, lines),
                    Figures.find(StalledRun.P99, lines),
                    Figures.find(StalledRun.FLOOR_P99, lines));
        }
    }

    /** Heap growth in percent with stalled clients, and latencies with and without. */
    private record Pair(double heapGrowth, Latencies with, Latencies without) {}

    private Pair pair(boolean withFirst) throws IOException, InterruptedException {
        List<String> with = withFirst ? run(stalled) : List.of();
        List<String> without = run(0);
        if (!withFirst) {
            with = run(stalled);
        }
        return new Pair(Figures.find(StalledRun.HEAP_GROWTH, with), Latencies.of(with), Latencies.of(without));
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

    private static double[] values(List<Pair> measured, ToDoubleFunction<Pair> value) {
        return measured.stream().mapToDouble(value).toArray();
    }
}
