package dev.guildhall.bench.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** A histogram of nanoseconds in a few numbers, in milliseconds; all 0 if there is nothing in it. */
record Percentiles(long count, double mean, double p50, double p90, double p99, double p999, double p9999, double max) {
    private static final double MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    private static final double THOUSAND = 1000;
    private static final double P50 = 50;
    private static final double P90 = 90;
    private static final double P99 = 99;
    private static final double P999 = 99.9;
    private static final double P9999 = 99.99;

    static Percentiles of(Histogram nanos) {
        return new Percentiles(
                nanos.getTotalCount(),
                millis(Math.round(nanos.getMean())),
                millis(nanos.getValueAtPercentile(P50)),
                millis(nanos.getValueAtPercentile(P90)),
                millis(nanos.getValueAtPercentile(P99)),
                millis(nanos.getValueAtPercentile(P999)),
                millis(nanos.getValueAtPercentile(P9999)),
                millis(nanos.getMaxValue()));
    }

    /** To three digits behind the point, which are microseconds. */
    private static double millis(long nanos) {
        return Math.round(nanos / MICRO) / THOUSAND;
    }
}
