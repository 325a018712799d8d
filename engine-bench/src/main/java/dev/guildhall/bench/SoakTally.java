package dev.guildhall.bench;

import java.util.concurrent.atomic.AtomicLong;

/** The counts of a soak. Any thread. */
final class SoakTally {
    private static final int MOST_SHOWN = 20;

    final AtomicLong events = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong deliveries = new AtomicLong();
    final AtomicLong ephemerals = new AtomicLong();
    final AtomicLong gaps = new AtomicLong();
    final AtomicLong inGaps = new AtomicLong();
    final AtomicLong stalls = new AtomicLong();
    final AtomicLong cuts = new AtomicLong();
    final AtomicLong resumes = new AtomicLong();
    final AtomicLong sessionsEnded = new AtomicLong();
    final AtomicLong restarts = new AtomicLong();
    final AtomicLong unaccounted = new AtomicLong();

    void delivered() {
        deliveries.incrementAndGet();
    }

    void ephemeral() {
        ephemerals.incrementAndGet();
    }

    void gap() {
        gaps.incrementAndGet();
    }

    void toldAsGap() {
        inGaps.incrementAndGet();
    }

    /** Something went wrong; the first few are shown. */
    void unaccounted(String what) {
        if (unaccounted.incrementAndGet() <= MOST_SHOWN) {
            System.err.println("soak: " + what);
        }
    }
}
