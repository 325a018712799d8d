package dev.guildhall.bench.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A figure that a command printed. Its unit is in its name.
 *
 * @param name such as {@code fanout.10000.bytes-per-delivery}
 * @param median of the samples; of an even number of them the mean of the two in the middle
 * @param samples in the order in which they were measured, one for each round; one alone if the figure is not a median
 * @param most what the median may be at most, if the command holds it to that
 * @param least what the median must be at least
 */
public record Figure(
        String name,
        double median,
        double min,
        double max,
        List<Double> samples,
        @Nullable Double most,
        @Nullable Double least) {

    /** A figure of these samples; throws if there are none, or one is no number. */
    public static Figure of(String name, double... samples) {
        Spread spread = Spread.of(name, samples);
        return new Figure(name, spread.median(), spread.min(), spread.max(), spread.samples(), null, null);
    }

    /** The same figure with a bound above. */
    public Figure atMost(double bound) {
        return new Figure(name, median, min, max, samples, bound, least);
    }

    /** The same figure with a bound below. */
    public Figure atLeast(double bound) {
        return new Figure(name, median, min, max, samples, most, bound);
    }

    /** Whether the median is within the bounds, if there are any. */
    public boolean isWithin() {
        return (most == null || median <= most) && (least == null || median >= least);
    }

    /** One figure of the samples of both, for a figure that each of several child processes prints. */
    Figure with(Figure more) {
        List<Double> all = new ArrayList<>(samples);
        all.addAll(more.samples);
        Figure both = of(name, all.stream().mapToDouble(Double::doubleValue).toArray());
        return new Figure(name, both.median, both.min, both.max, both.samples, most, least);
    }

    /** Median and range of samples. */
    record Spread(double median, double min, double max, List<Double> samples) {
        static Spread of(String name, double... samples) {
            if (samples.length == 0) {
                throw new IllegalArgumentException("no samples of " + name);
            }
            if (!Arrays.stream(samples).allMatch(Double::isFinite)) {
                throw new IllegalArgumentException(name + " was not measured: " + Arrays.toString(samples));
            }
            double[] sorted = samples.clone();
            Arrays.sort(sorted);
            return new Spread(
                    (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2,
                    sorted[0],
                    sorted[sorted.length - 1],
                    Arrays.stream(samples).boxed().toList());
        }
    }
}
