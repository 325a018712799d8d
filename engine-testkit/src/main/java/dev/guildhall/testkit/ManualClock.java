package dev.guildhall.testkit;

import dev.guildhall.EngineClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told to go on. Any thread may read or advance it. */
public final class ManualClock implements EngineClock {
    private final long startMillis;
    private final AtomicLong elapsedNanos = new AtomicLong();

    /**
     * A clock that stands at a moment.
     *
     * @param epochMillis the moment, in milliseconds since 1970
     */
    public ManualClock(long epochMillis) {
        startMillis = epochMillis;
    }

    /** A clock that stands at 2020-01-01T00:00Z. */
    public ManualClock() {
        this(1_577_836_800_000L);
    }

    /**
     * Lets time pass.
     *
     * @param span how much; not negative
     * @throws IllegalArgumentException if the span is negative
     */
    public void advance(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("time cannot go back by " + span.negated());
        }
        elapsedNanos.addAndGet(span.toNanos());
    }

    @Override
    public long nanoTime() {
        return elapsedNanos.get();
    }

    @Override
    public long epochMillis() {
        return startMillis + elapsedNanos.get() / 1_000_000;
    }

    @Override
    public String toString() {
        return "ManualClock[" + epochMillis() + " ms]";
    }
}
