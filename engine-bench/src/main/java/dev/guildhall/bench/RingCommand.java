package dev.guildhall.bench;

import dev.guildhall.bench.RingBenchmark.Contender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench ring}: what a ring adds to a walk, at 100,000 sessions, in rounds whose order alternates; the ratios are the
 * medians of the rounds' ratios. {@link RingBenchmark} says what is timed. {@code --full} also looks for the size from which
 * on a walk should go session by session.
 */
@Command(
        name = "ring",
        mixinStandardHelpOptions = true,
        description = "What a session's ring costs in a walk, and a resume.")
final class RingCommand implements Callable<Integer> {
    private static final int GATED_SESSIONS = 100_000;
    private static final int REPLAYED = 128;
    private static final List<Contender> GATED = List.of(
            Contender.RING_WALK,
            Contender.NO_RING,
            Contender.RING_WALK_EVENT_MAJOR,
            Contender.RING_WALK_PARKED,
            Contender.RING,
            Contender.RING_EVENT_MAJOR);

    @Option(names = "--full", description = "Both orders of the walk at all sizes too.")
    private boolean full;

    @Option(
            names = "--rounds",
            converter = AtLeastOne.class,
            defaultValue = "3",
            description = "Alternated rounds, each in new JVMs (default 3).")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Keep JMH's result as JSON.")
    private @Nullable Path json;

    private final List<RunResult> results = new ArrayList<>();

    @Override
    public Integer call() throws RunnerException {
        if (full) {
            for (int sessions : new int[] {500, 1_000, 2_000, 4_000, 10_000, GATED_SESSIONS}) {
                for (Contender contender : Contender.values()) {
                    if (!contender.isForLargestOnly()) {
                        walk(contender, sessions);
                    }
                }
            }
        }
        List<Round> measured = new ArrayList<>();
        List<Contender> order = new ArrayList<>(GATED);
        for (int i = 0; i < rounds; i++) {
            measured.add(new Round(order));
            Collections.reverse(order);
        }
        if (json != null) {
            Jmh.writeJson(json, results);
            System.out.println("JMH's result is in " + json);
        }
        System.out.printf(
                "%nno_ring calls each session's receiver; ring_walk appends to its ring and marks it, and is not timed while"
                        + " its turn writes.%nring, the figures with writing, is timed until a connection has called the receiver.%n%n");
        return printFigures(measured) ? 0 : 1;
    }

    /** Answers whether those that have a bound are within it. */
    private static boolean printFigures(List<Round> rounds) {
        boolean isWithin = printGated(
                "ring.100000.ratio-vs-no-ring", rounds, round -> round.of(Contender.RING_WALK, Contender.NO_RING), 4);
        isWithin &= printGated(
                "ring.100000.ratio-vs-event-major",
                rounds,
                round -> round.of(Contender.RING_WALK, Contender.RING_WALK_EVENT_MAJOR),
                0.5);
        isWithin &= printGated(
                "ring.100000.bytes-per-delivery",
                rounds,
                round -> Jmh.bytesPerOperation(round.of(Contender.RING_WALK)),
                0.01);
        print(
                "ring.100000.parked.ratio-vs-no-ring",
                rounds,
                round -> round.of(Contender.RING_WALK_PARKED, Contender.NO_RING));
        print(
                "ring.100000.with-writing.ratio-vs-no-ring",
                rounds,
                round -> round.of(Contender.RING, Contender.NO_RING));
        print(
                "ring.100000.with-writing.ratio-vs-event-major",
                rounds,
                round -> round.of(Contender.RING, Contender.RING_EVENT_MAJOR));
        print(
                "ring.100000.with-writing.bytes-per-delivery",
                rounds,
                round -> Jmh.bytesPerOperation(round.of(Contender.RING)));
        print("resume.microseconds", rounds, round -> round.resumed / 1_000);
        print("resume.moving.microseconds", rounds, round -> round.moved / 1_000);
        print("resume.replay-of-128.microseconds", rounds, round -> round.replayed / 1_000);
        isWithin &= printGated(
                "resume.replay-of-128.microseconds-beyond-writing",
                rounds,
                round -> (round.replayed - round.resumed - round.written) / 1_000,
                2);
        return isWithin;
    }

    /** One run of everything that is compared, in nanoseconds of an operation. */
    private final class Round {
        private final Map<Contender, RunResult> walks = new EnumMap<>(Contender.class);
        final double resumed;
        final double moved;
        final double replayed;
        final double written;

        Round(List<Contender> order) throws RunnerException {
            for (Contender contender : order) {
                walks.put(contender, walk(contender, GATED_SESSIONS));
            }
            resumed = Jmh.score(resume("resume", 0));
            moved = Jmh.score(resume("move", 0));
            replayed = Jmh.score(resume("resume", REPLAYED));
            written = Jmh.score(resume("write", REPLAYED));
        }

        RunResult of(Contender contender) {
            return Objects.requireNonNull(walks.get(contender));
        }

        double of(Contender contender, Contender baseline) {
            return Jmh.score(of(contender)) / Jmh.score(of(baseline));
        }
    }

    private RunResult walk(Contender contender, int sessions) throws RunnerException {
        String name = contender.name().toLowerCase(Locale.ROOT);
        System.out.printf(Locale.ROOT, "%-22s %,9d sessions ... ", name, sessions);
        return run(
                RingBenchmark.class,
                "deliver",
                Map.of("contender", contender.name(), "sessions", Integer.toString(sessions)),
                3);
    }

    private RunResult resume(String method, int missed) throws RunnerException {
        System.out.printf(Locale.ROOT, "%-22s %,9d events   ... ", method, missed);
        return run(ResumeBenchmark.class, method, Map.of("missed", Integer.toString(missed)), 8);
    }

    private RunResult run(Class<?> benchmark, String method, Map<String, String> parameters, int warmups)
            throws RunnerException {
        System.out.flush();
        RunResult result = Jmh.run(benchmark, method, parameters, new Jmh.Effort(1, warmups, 5));
        results.add(result);
        System.out.printf(
                Locale.ROOT, "%,10.1f ns and %8.4f bytes%n", Jmh.score(result), Jmh.bytesPerOperation(result));
        return result;
    }

    private static void print(String name, List<Round> rounds, ToDoubleFunction<Round> value) {
        Figures.printSpread(name, rounds.stream().mapToDouble(value).toArray());
    }

    private static boolean printGated(String name, List<Round> rounds, ToDoubleFunction<Round> value, double most) {
        return Figures.printGated(name, rounds.stream().mapToDouble(value).toArray(), most);
    }
}
