package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import java.time.Duration;

/** Shows the time that it was set to, from just before nanoTime wraps round. One thread; it runs nothing. */
final class HandClock implements EngineClock {
    private long now = Long.MAX_VALUE - 1;

    void advance(Duration span) {
        now += span.toNanos();
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long epochMillis() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        throw new UnsupportedOperationException();
    }
}
