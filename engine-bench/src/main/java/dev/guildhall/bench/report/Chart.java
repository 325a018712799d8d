package dev.guildhall.bench.report;

import dev.guildhall.bench.results.Figure;
import dev.guildhall.bench.results.Score;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a chart shows, whatever it is drawn with: lines over a size, or a row of dots for each of several categories. Public, as are its
 * parts, for the template, which looks at nothing else.
 *
 * @param id for links and for the names inside the SVG
 * @param text a sentence or two on how to read it
 * @param commands that measured it
 * @param across what the axis from left to right is
 * @param up what the other one is; empty for categories
 * @param categories from top to bottom, which a point of a chart of dots numbers with its x; empty for lines
 * @param isLogarithmic whether values are; sizes always are
 * @param even the value at which both of a comparison are equal, if the chart is one
 */
public record Chart(
        String id,
        String title,
        String text,
        List<String> commands,
        String across,
        String up,
        List<String> categories,
        boolean isLogarithmic,
        @Nullable Double even,
        List<Series> series) {

    /** Points that belong together. */
    public record Series(String name, List<Point> points) {}

    /**
     * A median with its range.
     *
     * @param x the size, or the number of the category
     */
    public record Point(double x, double median, double min, double max) {
        static Point of(double x, Figure figure) {
            return new Point(x, figure.median(), figure.min(), figure.max());
        }

        /** Of several runs of the same: the median of the medians, and the range of all. */
        static Point ofScores(double x, List<Score> scores) {
            double median = Figure.of(
                            "scores", scores.stream().mapToDouble(Score::median).toArray())
                    .median();
            return new Point(
                    x,
                    median,
                    scores.stream().mapToDouble(Score::min).min().orElse(median),
                    scores.stream().mapToDouble(Score::max).max().orElse(median));
        }
    }

    /** Or lines. */
    public boolean isDots() {
        return !categories.isEmpty();
    }

    boolean isEmpty() {
        return series.stream().allMatch(each -> each.points().isEmpty());
    }
}
