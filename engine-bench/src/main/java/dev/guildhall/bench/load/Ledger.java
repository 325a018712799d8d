package dev.guildhall.bench.load;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was published in each group, so that each session can be asked whether it has all of it: how many publishes, and a sum over their
 * times in which one that is missing and another that came twice do not cancel out. Also knows which part of the load is measured.
 * Usable from any thread.
 */
final class Ledger {
    private static final long ODD = 0x9E3779B97F4A7C15L;
    private static final int HALF = 32;

    private final AtomicLongArray counts;
    private final AtomicLongArray sums;
    private volatile long measuredFrom = Long.MAX_VALUE;
    private volatile long measuredTo = Long.MAX_VALUE;

    Ledger(int groups) {
        counts = new AtomicLongArray(groups);
        sums = new AtomicLongArray(groups);
    }

    /** The publishes that are due from one time until the other are measured, whenever they arrive. */
    void measure(long from, long to) {
        measuredTo = to;
        measuredFrom = from;
    }

    boolean isMeasured(long time) {
        return time >= measuredFrom && time < measuredTo;
    }

    void published(int group, long time) {
        counts.incrementAndGet(group);
        sums.addAndGet(group, mixed(time));
    }

    long count(int group) {
        return counts.get(group);
    }

    long sum(int group) {
        return sums.get(group);
    }

    /** What a publish adds to the sum. */
    static long mixed(long time) {
        long mixed = time * ODD;
        return (mixed ^ (mixed >>> HALF)) * ODD;
    }
}
