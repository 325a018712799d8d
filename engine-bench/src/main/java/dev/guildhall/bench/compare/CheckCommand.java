package dev.guildhall.bench.compare;

import dev.guildhall.bench.compare.Baseline.Compared;
import dev.guildhall.bench.results.Machine;
import dev.guildhall.bench.results.Results;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench check}: whether ratios and allocations hold against those kept in a file. Ends with status 1 if one got worse or is gone,
 * and with 2 if a file cannot be read.
 */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Compares results with the baseline, and names what got worse beyond noise.",
            "Ratios between what one run measured and allocations are compared; times and rates are not. A ratio got worse"
                    + " if each median is outside the other's range and they differ by more than the tolerance."
        })
public final class CheckCommand implements Callable<Integer> {
    private static final int BROKEN = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--results",
            arity = "1..*",
            paramLabel = "FILE",
            defaultValue = "${sys:guildhall.root:-.}/engine-bench/target/results",
            description =
                    "Result files, or folders of them (default: engine-bench/target/results, where bench all leaves them).")
    private List<Path> results = new ArrayList<>();

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            defaultValue = "${sys:guildhall.root:-.}/engine-bench/baseline.json",
            description = "What to compare with (default: engine-bench/baseline.json).")
    private Path baseline = Path.of("");

    @Option(
            names = "--tolerance",
            paramLabel = "PERCENT",
            defaultValue = "10",
            description = "A ratio that differs by less is the same, whatever the ranges (default: ${DEFAULT-VALUE}).")
    private double tolerance;

    @Option(
            names = "--update",
            description = "Take the results into the baseline, in place of what the same commands measured before.")
    private boolean update;

    /** Made by picocli. */
    public CheckCommand() {}

    @Override
    public Integer call() {
        try {
            Results now = Results.read(results);
            if (now.all().isEmpty()) {
                throw new IOException("there are no result files in " + results);
            }
            return update ? update(now) : check(now);
        } catch (IOException e) {
            err().println(
                            e instanceof java.nio.file.NoSuchFileException
                                    ? "there is no " + e.getMessage()
                                    : e.getMessage());
            return BROKEN;
        }
    }

    private int update(Results now) throws IOException {
        Optional<Baseline> before = Files.exists(baseline) ? Optional.of(Baseline.read(baseline)) : Optional.empty();
        Baseline updated = Baseline.updated(before, now);
        updated.write(baseline);
        out().printf("%s has %d figures now%n", baseline, updated.figures().size());
        return 0;
    }

    private int check(Results now) throws IOException {
        Baseline kept = Baseline.read(baseline);
        List<Compared> compared = kept.compare(now, tolerance);
        compared.stream().filter(figure -> figure.change() != Change.HELD).forEach(this::print);
        tellOtherMachine(kept.machine(), now);
        long fails = compared.stream().filter(figure -> figure.change().fails()).count();
        out().printf(
                        "figure check.compared %d%n",
                        compared.stream()
                                .filter(figure -> figure.kept().isPresent()
                                        && figure.now().isPresent())
                                .count());
        out().printf("figure check.worse %d%n", fails);
        return fails == 0 ? 0 : 1;
    }

    private void print(Compared figure) {
        StringBuilder line = new StringBuilder(String.format("%-8s%s", word(figure.change()), figure.name()));
        figure.kept().ifPresent(kept -> line.append(", kept ").append(range(kept.median(), kept.min(), kept.max())));
        figure.now().ifPresent(now -> line.append(", now ").append(range(now.median(), now.min(), now.max())));
        if (figure.change() == Change.NOT_RUN) {
            figure.kept().ifPresent(kept -> line.append(", of ").append(kept.command()));
        }
        out().println(line);
    }

    private static String word(Change change) {
        return change.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String range(double median, double min, double max) {
        return String.format(Locale.ROOT, "%.4g (%.4g to %.4g)", median, min, max);
    }

    private void tellOtherMachine(Machine kept, Results now) {
        now.all().stream()
                .map(result -> result.machine())
                .filter(machine -> !machine.cpu().equals(kept.cpu()) || machine.cores() != kept.cores())
                .findFirst()
                .ifPresent(machine -> out().printf(
                                "The baseline is of another machine (%s, %d cores; here %s, %d): ratios may differ for that.%n",
                                kept.cpu(), kept.cores(), machine.cpu(), machine.cores()));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
