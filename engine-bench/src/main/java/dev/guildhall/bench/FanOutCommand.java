package dev.guildhall.bench;

import dev.guildhall.bench.FanOutBenchmark.Contender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench fanout}. The short form runs the contenders of the ratio, at 10,000 sessions, in three rounds whose order
 * alternates, so that a change of the machine's mood meets all of them; the ratio is the median of the rounds' ratios.
 */
@Command(
        name = "fanout",
        mixinStandardHelpOptions = true,
        description = "Deliveries a second of one guild beside three baselines.")
final class FanOutCommand implements Callable<Integer> {
    private static final int GATED_SESSIONS = 10_000;
    private static final List<Contender> RATIO_CONTENDERS =
            List.of(Contender.GUILDHALL, Contender.MAILBOX_PER_RECIPIENT, Contender.THREAD_PER_RECIPIENT);

    @Option(names = "--full", description = "All sizes of all contenders with three forks.")
    private boolean full;

    @Option(
            names = "--rounds",
            converter = AtLeastOne.class,
            defaultValue = "3",
            description = "Rounds of what the ratio at 10,000 is made of (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Keep JMH's result as JSON.")
    private @Nullable Path json;

    @Override
    public Integer call() throws RunnerException {
        List<Row> rows = full ? runFull() : runShort();
        printTable(rows);
        if (json != null) {
            Jmh.writeJson(json, rows.stream().map(Row::result).toList());
            System.out.println("JMH's result is in " + json);
        }
        printFigures(rows);
        return 0;
    }

    private static List<Row> runFull() throws RunnerException {
        List<Row> rows = new ArrayList<>();
        for (int sessions : new int[] {10, 100, 1_000, GATED_SESSIONS, 100_000}) {
            for (Contender contender : Contender.values()) {
                rows.add(run(contender, sessions, 3, 3, 5));
            }
        }
        return rows;
    }

    private List<Row> runShort() throws RunnerException {
        List<Row> rows = new ArrayList<>();
        for (int sessions : new int[] {10, 100, 1_000, 100_000}) {
            rows.add(run(Contender.GUILDHALL, sessions, 1, 2, 3));
        }
        rows.add(run(Contender.MAILBOX_PER_RECIPIENT, 1_000, 1, 1, 2));
        rows.add(run(Contender.THREAD_PER_RECIPIENT, 1_000, 1, 1, 2));
        rows.add(run(Contender.SUBMISSION_PUBLISHER, 1_000, 1, 1, 2));
        rows.add(run(Contender.SUBMISSION_PUBLISHER, GATED_SESSIONS, 1, 1, 2));
        rows.add(run(Contender.GUILDHALL_OWN_RING, GATED_SESSIONS, 1, 2, 2));
        List<Contender> order = new ArrayList<>(RATIO_CONTENDERS);
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : order) {
                rows.add(run(contender, GATED_SESSIONS, 1, 2, 3));
            }
            Collections.reverse(order);
        }
        return rows;
    }

    private static Row run(Contender contender, int sessions, int forks, int warmups, int measurements)
            throws RunnerException {
        System.out.printf(
                Locale.ROOT, "%-22s %,9d sessions ... ", contender.name().toLowerCase(Locale.ROOT), sessions);
        System.out.flush();
        RunResult result = Jmh.run(
                FanOutBenchmark.class,
                "fanOut",
                Map.of("contender", contender.name(), "sessions", Integer.toString(sessions)),
                new Jmh.Effort(forks, warmups, measurements));
        Row row = new Row(contender, sessions, result);
        System.out.printf(Locale.ROOT, "%,15.0f deliveries/s%n", row.deliveriesPerSecond());
        return row;
    }

    private static void printTable(List<Row> rows) {
        System.out.printf(
                "%n%-22s %9s %17s %13s %15s%n",
                "contender", "sessions", "deliveries/s", "ns/delivery", "bytes/delivery");
        rows.stream()
                .sorted(Row.ORDER)
                .forEach(row -> System.out.printf(
                        Locale.ROOT,
                        "%-22s %,9d %,17.0f %13.2f %15.4f%n",
                        row.contender().name().toLowerCase(Locale.ROOT),
                        row.sessions(),
                        row.deliveriesPerSecond(),
                        1e9 / row.deliveriesPerSecond(),
                        row.bytesPerDelivery()));
        System.out.println();
    }

    private static void printFigures(List<Row> rows) {
        double[] ours = throughputs(rows, Contender.GUILDHALL);
        double[] perActivation = throughputs(rows, Contender.MAILBOX_PER_RECIPIENT);
        double[] perSession = throughputs(rows, Contender.THREAD_PER_RECIPIENT);
        double[] ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ours[i] / Math.max(perActivation[i], perSession[i]);
        }
        double[] bytes = rows.stream()
                .filter(row -> row.contender() == Contender.GUILDHALL && row.sessions() == GATED_SESSIONS)
                .mapToDouble(Row::bytesPerDelivery)
                .toArray();
        Figures.printSpread("fanout.10000.ratio-vs-thread-per-session", ratios);
        Figures.print("fanout.10000.bytes-per-delivery", Figures.median(bytes));
        Figures.print(
                "fanout.10000.own-ring.deliveries-per-second",
                Figures.median(throughputs(rows, Contender.GUILDHALL_OWN_RING)));
    }

    /** Deliveries a second at the gated size, in the order of the rounds. */
    private static double[] throughputs(List<Row> rows, Contender contender) {
        return rows.stream()
                .filter(row -> row.contender() == contender && row.sessions() == GATED_SESSIONS)
                .mapToDouble(Row::deliveriesPerSecond)
                .toArray();
    }

    /** One contender at one size. */
    private record Row(Contender contender, int sessions, RunResult result) {
        static final Comparator<Row> ORDER =
                Comparator.comparing(Row::contender).thenComparingInt(Row::sessions);

        double deliveriesPerSecond() {
            return Jmh.score(result);
        }

        double bytesPerDelivery() {
            return Jmh.bytesPerOperation(result);
        }
    }
}
