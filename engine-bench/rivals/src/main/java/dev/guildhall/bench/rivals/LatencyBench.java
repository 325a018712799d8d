package dev.guildhall.bench.rivals;

import dev.guildhall.bench.AtLeastOne;
import dev.guildhall.bench.ChildJvm;
import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Figures;
import dev.guildhall.bench.Recipient;
import dev.guildhall.bench.results.KeepResults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bench latency}: how long until the last of 10,000 recipients has an event, at 100 events a second, beside other libraries. Each
 * contender runs in a JVM of its own, in rounds whose order alternates. All count arrivals in the same way ({@link SharedArrivals}).
 */
@Command(
        name = "guildhall bench latency",
        mixinStandardHelpOptions = true,
        description =
                "Time until the last of 10,000 recipients has an event of a paced publisher, beside other libraries.")
public final class LatencyBench implements Callable<Integer> {
    private static final int RECIPIENTS = 10_000;
    private static final int EVENT_BYTES = 128;
    private static final int LEAST_EVENTS = 100;

    /** More than a session of the engine keeps for a resume. */
    private static final int BURST_EVENTS = 1_024;

    @Option(names = "--rival", paramLabel = "NAME", description = "Beside this one only; may be repeated.")
    private List<Contender> rivals =
            Arrays.stream(Contender.values()).filter(Contender::isRival).toList();

    @Option(
            names = "--rounds",
            converter = AtLeastOne.class,
            defaultValue = "3",
            description = "Alternated rounds (default 3).")
    private int rounds;

    @Option(
            names = "--events",
            defaultValue = "1000",
            description = "Measured in each round, 100 a second, at least 100 (default 1000).")
    void setEvents(int value) {
        if (value < LEAST_EVENTS) {
            throw new ParameterException(
                    spec.commandLine(), "--events must be at least " + LEAST_EVENTS + ", was " + value);
        }
        events = value;
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private int events;

    @Option(names = "--measure", hidden = true)
    private @Nullable Contender measure;

    private LatencyBench() {}

    /** Runs the command. */
    public static void main(String[] args) {
        CommandLine latency = new CommandLine(new LatencyBench()).setCaseInsensitiveEnumValuesAllowed(true);
        KeepResults.install(latency, "./guildhall bench latency");
        System.exit(latency.execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (measure != null) {
            measureHere(measure);
            return 0;
        }
        List<Contender> order = new ArrayList<>(List.of(Contender.GUILDHALL));
        rivals.stream().filter(each -> each != Contender.GUILDHALL).forEach(order::add);
        Map<Contender, List<Percentiles>> measured = new EnumMap<>(Contender.class);
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : order) {
                measured.computeIfAbsent(contender, any -> new ArrayList<>()).add(measureInChild(contender));
            }
            Collections.reverse(order);
        }
        System.out.println();
        List<Percentiles> ours = measured.getOrDefault(Contender.GUILDHALL, List.of());
        measured.forEach((contender, theirs) -> printFigures(contender, theirs, ours));
        return 0;
    }

    /** Of one run, in microseconds. */
    private record Percentiles(double p50, double p99) {}

    private Percentiles measureInChild(Contender contender) throws IOException, InterruptedException {
        List<String> lines =
                ChildJvm.run(LatencyBench.class, "4g", List.of("--measure=" + contender, "--events=" + events));
        return new Percentiles(
                Figures.find(name(contender, "p50"), lines), Figures.find(name(contender, "p99"), lines));
    }

    private static void printFigures(Contender contender, List<Percentiles> theirs, List<Percentiles> ours) {
        Figures.printSpread(name(contender, "p50"), values(theirs, Percentiles::p50));
        Figures.printSpread(name(contender, "p99"), values(theirs, Percentiles::p99));
        if (contender != Contender.GUILDHALL) {
            String ratio = "latency.10000.ours-over-" + contender.label() + ".";
            Figures.printSpread(
                    ratio + "p50-ratio",
                    Figures.ratios(values(ours, Percentiles::p50), values(theirs, Percentiles::p50)));
            Figures.printSpread(
                    ratio + "p99-ratio",
                    Figures.ratios(values(ours, Percentiles::p99), values(theirs, Percentiles::p99)));
        }
    }

    private static double[] values(List<Percentiles> rounds, ToDoubleFunction<Percentiles> value) {
        return rounds.stream().mapToDouble(value).toArray();
    }

    private static String name(Contender contender, String percentile) {
        return "latency.10000." + contender.label() + "." + percentile + "-micros";
    }

    private void measureHere(Contender contender) {
        PacedRun run = new PacedRun(BURST_EVENTS, events);
        Recipient[][] topics = {SharedArrivals.recipients(RECIPIENTS, run)};
        try (FanOut fanOut = contender.open(topics, new byte[EVENT_BYTES])) {
            run.run(fanOut::publish);
        }
        Figures.print(name(contender, "p50"), Figures.median(run.micros(50)));
        Figures.print(name(contender, "p99"), Figures.median(run.micros(99)));
    }
}
