package dev.guildhall.bench.tables;

import dev.guildhall.bench.report.Numbers;
import dev.guildhall.bench.results.Figure;
import dev.guildhall.bench.results.Result;
import dev.guildhall.bench.results.Results;
import dev.guildhall.bench.results.Score;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What templates of tables see of the results; public for them alone. */
public final class TableModel {
    private final Results results;

    TableModel(Results results) {
        this.results = results;
    }

    /** Whether there is a result of this command. */
    public boolean has(String subcommand) {
        return !results.of(subcommand).isEmpty();
    }

    /** The newest result of this command. */
    public Result run(String subcommand) {
        return results.of(subcommand).stream()
                .max((a, b) -> a.started().compareTo(b.started()))
                .orElseThrow(() -> new IllegalArgumentException("no result of bench " + subcommand));
    }

    /** Whether there is a figure of this name. */
    public boolean hasFigure(String name) {
        return results.figure(name).isPresent();
    }

    /** The figure of this name; a table does not silently lose a line. */
    public Figure figure(String name) {
        return results.figure(name).orElseThrow(() -> new IllegalArgumentException("no figure " + name));
    }

    /** The figures whose names begin so, in the order in which they were printed. */
    public List<Figure> figures(String prefix) {
        return results.figures().stream()
                .filter(figure -> figure.name().startsWith(prefix))
                .toList();
    }

    /** The median of JMH's scores of a benchmark with these parameters in the results of a command; null if it was not run. */
    public @Nullable Double score(String subcommand, String benchmark, Map<String, String> parameters) {
        double[] medians = matching(subcommand, benchmark, parameters).stream()
                .mapToDouble(Score::median)
                .toArray();
        return medians.length == 0 ? null : Figure.of(benchmark, medians).median();
    }

    /** The same of what an operation allocates. */
    public @Nullable Double bytes(String subcommand, String benchmark, Map<String, String> parameters) {
        double[] bytes = matching(subcommand, benchmark, parameters).stream()
                .map(Score::bytesPerOperation)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
        return bytes.length == 0 ? null : Figure.of(benchmark, bytes).median();
    }

    /** A number for a column, in millions. */
    public String millions(double number) {
        return Numbers.text(number / 1e6) + " M";
    }

    private List<Score> matching(String subcommand, String benchmark, Map<String, String> parameters) {
        return results.scoresOf(subcommand).stream()
                .filter(score -> score.benchmark().startsWith(benchmark))
                .filter(score -> score.parameters().entrySet().containsAll(parameters.entrySet()))
                .toList();
    }

    @Override
    public String toString() {
        return Arrays.toString(results.all().stream().map(Result::command).toArray());
    }
}
