package dev.guildhall.bench;

import dev.guildhall.bench.AudienceBenchmark.Contender;
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
 * {@code bench audience}: what comparing masks costs when everybody gets an event and saves when few do, and what passive
 * subscriptions save; in rounds whose order alternates. A figure is the median of the rounds' ratios, beside it the smallest and the
 * largest. {@code walk-only} figures leave out the writing.
 */
@Command(
        name = "audience",
        mixinStandardHelpOptions = true,
        description = "What masks and passive subscriptions cost and save in a publish.")
final class AudienceCommand implements Callable<Integer> {
    private static final double MOST_FULL_MATCH_RATIO = 1.5;
    private static final double LEAST_SAVING = 80;
    private static final List<Contender> COMPARED =
            List.of(Contender.UNFILTERED, Contender.FULL_MATCH, Contender.ONE_PERCENT, Contender.PASSIVE);

    @Option(
            names = "--sessions",
            converter = AtLeastOne.class,
            defaultValue = "100000",
            description = "Sessions of the guild (default 100000).")
    private int sessions;

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
        List<Round> written = new ArrayList<>();
        List<Round> walked = new ArrayList<>();
        List<Contender> order = new ArrayList<>(COMPARED);
        for (int i = 0; i < rounds; i++) {
            written.add(new Round(order, true));
            walked.add(new Round(order, false));
            Collections.reverse(order);
        }
        if (json != null) {
            Jmh.writeJson(json, results);
            System.out.println("JMH's result is in " + json);
        }
        System.out.println();
        boolean isWithin = Figures.printGated(
                "audience.full-match-ratio", values(written, Round::fullMatchRatio), MOST_FULL_MATCH_RATIO);
        isWithin &= Figures.printGatedFromBelow(
                "audience.one-percent-saving-percent", values(written, Round::onePercentSaving), LEAST_SAVING);
        isWithin &= Figures.printGatedFromBelow(
                "audience.passive-saving-percent", values(written, Round::passiveSaving), LEAST_SAVING);
        Figures.printSpread("audience.walk-only.full-match-ratio", values(walked, Round::fullMatchRatio));
        Figures.printSpread("audience.walk-only.one-percent-saving-percent", values(walked, Round::onePercentSaving));
        Figures.printSpread("audience.walk-only.passive-saving-percent", values(walked, Round::passiveSaving));
        return isWithin ? 0 : 1;
    }

    /** One run of everything that is compared. */
    private final class Round {
        private final Map<Contender, Double> nanos = new EnumMap<>(Contender.class);

        Round(List<Contender> order, boolean writing) throws RunnerException {
            for (Contender contender : order) {
                nanos.put(contender, run(contender, writing));
            }
        }

        double fullMatchRatio() {
            return ratio(Contender.FULL_MATCH);
        }

        double onePercentSaving() {
            return savingPercent(Contender.ONE_PERCENT);
        }

        double passiveSaving() {
            return savingPercent(Contender.PASSIVE);
        }

        private double ratio(Contender contender) {
            return of(contender) / of(Contender.UNFILTERED);
        }

        private double savingPercent(Contender contender) {
            return 100 * (1 - ratio(contender));
        }

        private double of(Contender contender) {
            return Objects.requireNonNull(nanos.get(contender));
        }
    }

    private double run(Contender contender, boolean writing) throws RunnerException {
        String name = contender.name().toLowerCase(Locale.ROOT);
        System.out.printf(
                Locale.ROOT, "%-12s %,9d sessions, %s ... ", name, sessions, writing ? "written  " : "walk only");
        System.out.flush();
        RunResult result = Jmh.run(
                AudienceBenchmark.class,
                "publish",
                Map.of(
                        "contender",
                        contender.name(),
                        "sessions",
                        Integer.toString(sessions),
                        "writing",
                        Boolean.toString(writing)),
                new Jmh.Effort(1, 3, 5));
        results.add(result);
        System.out.printf(Locale.ROOT, "%,12.0f ns an event%n", Jmh.score(result));
        return Jmh.score(result);
    }

    private static double[] values(List<Round> rounds, ToDoubleFunction<Round> value) {
        return rounds.stream().mapToDouble(value).toArray();
    }
}
