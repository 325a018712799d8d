package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one of many messages through each minute. Any thread. */
final class OncePerMinute {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final EngineClock clock;
    private final AtomicLong last;

    OncePerMinute(EngineClock clock) {
        this.clock = clock;
        this.last = new AtomicLong(clock.nanoTime() - MINUTE_NANOS);
    }

    boolean isDue() {
        long now = clock.nanoTime();
        long before = last.get();
        return now - before >= MINUTE_NANOS && last.compareAndSet(before, now);
    }
}
