package dev.guildhall.bench.rivals;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Publishes 100 events a second, after a burst, and notes how long each takes until the last recipient has it. An open loop: event {@code n}
 * is due {@code n} intervals after the first, and its latency counts from then, however late its publisher or the one before it was.
 *
 * <p>The publisher sleeps, and spins for the last {@value #SPIN_MICROS} microseconds, in which nobody else has anything to do: what
 * waking a sleeping thread takes is nobody's.
 */
final class PacedRun implements Arrivals.Observer {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SPIN_MICROS = 300;
    private static final int WARM_UP_EVENTS = 500;
    private static final int PHASES = 5;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final int burst;
    private final int phaseEvents;
    private final ConcurrentHistogram[] phases = new ConcurrentHistogram[PHASES];
    private volatile long began;
    private volatile long measuredFrom = Long.MAX_VALUE;
    private volatile long lastArrived = -1;

    /**
     * @param burst events that are published first at once, which compiles what delivers them and fills what keeps them
     * @param events that are measured
     */
    PacedRun(int burst, int events) {
        this.burst = burst;
        this.phaseEvents = events / PHASES;
        Arrays.setAll(phases, phase -> new ConcurrentHistogram(3));
    }

    /** Publishes all and waits until the last has arrived. */
    void run(Runnable publish) {
        for (int i = 0; i < burst; i++) {
            publish.run();
        }
        await(burst);
        long first = System.nanoTime() + INTERVAL_NANOS;
        began = first - burst * INTERVAL_NANOS;
        measuredFrom = (long) burst + WARM_UP_EVENTS;
        int paced = WARM_UP_EVENTS + PHASES * phaseEvents;
        for (int i = 0; i < paced; i++) {
            waitUntil(first + i * INTERVAL_NANOS);
            publish.run();
        }
        await(burst + paced);
    }

    @Override
    public void arrived(long number, long nanoTime) {
        if (number >= measuredFrom) {
            phases[(int) (number - measuredFrom) / phaseEvents].recordValue(
                    nanoTime - (began + number * INTERVAL_NANOS));
        }
        lastArrived = number;
    }

    private void await(long events) {
        long seen = -1;
        long since = System.nanoTime();
        for (long present = lastArrived; present < events - 1; present = lastArrived) {
            if (present != seen) {
                seen = present;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE_NANOS) {
                throw new IllegalStateException("all have " + (present + 1) + " of " + events + " events and no more");
            }
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
    }

    private static void waitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            if (left > TimeUnit.MICROSECONDS.toNanos(SPIN_MICROS)) {
                LockSupport.parkNanos(left - TimeUnit.MICROSECONDS.toNanos(SPIN_MICROS));
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** In each of five parts of what was measured. */
    double[] micros(double percentile) {
        return Arrays.stream(phases)
                .mapToDouble(phase -> phase.getValueAtPercentile(percentile) / 1e3)
                .toArray();
    }
}
