package dev.guildhall.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench suites}: every {@link Suite} of the engine. Each line is measured in JVMs of its own, in rounds whose order alternates,
 * so that a change of the machine's mood meets all of them; what is printed is the median of the rounds. What JMH measures as time
 * is turned into operations a second.
 */
@Command(
        name = "suites",
        mixinStandardHelpOptions = true,
        description = "JMH suites of the engine beside baselines: operations a second, and bytes allocated by each.")
final class SuitesCommand implements Callable<Integer> {
    private static final Jmh.Effort QUICK = new Jmh.Effort(1, 2, 3);
    private static final Jmh.Effort FULL = new Jmh.Effort(1, 3, 5);

    @Option(names = "--quick", description = "One round of the lines that matter most, some minutes.")
    private boolean quick;

    @Option(
            names = "--rounds",
            converter = AtLeastOne.class,
            defaultValue = "3",
            description = "Alternated rounds, each in new JVMs (default 3).")
    private int rounds;

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            converter = Named.class,
            description = "Run this suite only; may be given more than once. --list has the names.")
    private Set<Suite> chosen = EnumSet.allOf(Suite.class);

    @Option(names = "--list", description = "Print the suites and what each asks, and run nothing.")
    private boolean lists;

    @Option(names = "--json", paramLabel = "FILE", description = "Keep JMH's result as JSON.")
    private @Nullable Path json;

    private static final class Named extends ByName<Suite> {
        Named() {
            super("suite", List.of(Suite.values()));
        }
    }

    @Override
    public Integer call() throws RunnerException {
        if (lists) {
            for (Suite suite : Suite.values()) {
                System.out.println(suite + ": " + suite.question);
            }
            return 0;
        }
        List<Line> lines = lines();
        List<Line> order = new ArrayList<>(lines);
        for (int round = 0; round < (quick ? 1 : rounds); round++) {
            for (Line line : order) {
                line.run(quick ? QUICK : FULL);
            }
            Collections.reverse(order);
        }
        if (json != null) {
            Jmh.writeJson(
                    json, lines.stream().flatMap(line -> line.results.stream()).toList());
            System.out.println("JMH's result is in " + json);
        }
        printTable(lines);
        lines.forEach(Line::printFigures);
        return 0;
    }

    private List<Line> lines() {
        return chosen.stream()
                .flatMap(suite -> suite.cases().stream()
                        .filter(each -> each.isQuick() || !quick)
                        .map(each -> new Line(suite, each)))
                .toList();
    }

    private static void printTable(List<Line> lines) {
        Suite before = null;
        for (Line line : lines) {
            if (line.suite != before) {
                System.out.printf("%n%s: %s%n", line.suite, line.suite.question);
                System.out.printf("%-32s %17s %15s %15s%n", "", line.suite.unit + "/s", "ns each", "bytes each");
                before = line.suite;
            }
            double perSecond = Figures.median(line.perSecond());
            System.out.printf(
                    Locale.ROOT,
                    "%-32s %,17.0f %,15.1f %,15.3f%n",
                    line.measured.name(),
                    perSecond,
                    1e9 / perSecond,
                    Figures.median(line.bytesEach()));
        }
        System.out.println();
    }

    /** A line of a suite and what came of it in each round. */
    private static final class Line {
        final Suite suite;
        final SuiteCase measured;
        final List<RunResult> results = new ArrayList<>();

        Line(Suite suite, SuiteCase measured) {
            this.suite = suite;
            this.measured = measured;
        }

        void run(Jmh.Effort effort) throws RunnerException {
            System.out.printf("%-14s %-32s ... ", suite, measured.name());
            System.out.flush();
            RunResult result = Jmh.run(measured.benchmark(), measured.method(), measured.parameters(), effort);
            results.add(result);
            System.out.printf(Locale.ROOT, "%,17.0f %s/s%n", perSecond(result), suite.unit);
        }

        double[] perSecond() {
            return results.stream().mapToDouble(this::perSecond).toArray();
        }

        double[] bytesEach() {
            return results.stream()
                    .mapToDouble(result -> Jmh.bytesPerOperation(result) / measured.operations())
                    .toArray();
        }

        private double perSecond(RunResult result) {
            return Jmh.operationsPerSecond(result) * measured.operations();
        }

        void printFigures() {
            String name = "suites." + suite + "." + measured.name();
            Figures.printSpread(name + "." + suite.unit + "-per-second", perSecond());
            Figures.print(name + ".bytes-per-op", Figures.median(bytesEach()));
        }
    }
}
