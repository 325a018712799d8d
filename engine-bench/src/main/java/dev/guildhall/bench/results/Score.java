package dev.guildhall.bench.results;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What JMH measured of one benchmark with one set of parameters. The spread is that of the iterations of all forks, so an
 * iteration in which a method was compiled again widens it.
 *
 * @param benchmark class and method, without the package
 * @param unit as JMH writes it, such as {@code ops/s}
 * @param bytesPerOperation allocated, if the run had the gc profiler
 */
public record Score(
        String benchmark,
        SortedMap<String, String> parameters,
        String unit,
        int forks,
        double median,
        double min,
        double max,
        List<Double> samples,
        @Nullable Double bytesPerOperation) {

    /** A score of the iterations' values. */
    public static Score of(
            String benchmark,
            Map<String, String> parameters,
            String unit,
            int forks,
            @Nullable Double bytesPerOperation,
            double... samples) {
        Figure.Spread spread = Figure.Spread.of(benchmark + parameters, samples);
        return new Score(
                benchmark,
                new TreeMap<>(parameters),
                unit,
                forks,
                spread.median(),
                spread.min(),
                spread.max(),
                spread.samples(),
                bytesPerOperation);
    }
}
