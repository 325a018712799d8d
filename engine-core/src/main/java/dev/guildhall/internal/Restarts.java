package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import dev.guildhall.GuildOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How often a guild's handler has failed lately, and so when it is started again: a restart intensity as that of OTP supervisors, with
 * exponential back-off between the restarts and some randomness, so that guilds that fail together do not come back together. Used in
 * the guild's turns only.
 */
final class Restarts {
    private static final int MAX_DOUBLINGS = 20;
    private static final long JITTER_PART = 4;

    private final EngineClock clock;
    private final GuildOptions options;
    private final ArrayDeque<Long> failures = new ArrayDeque<>();

    Restarts(EngineClock clock, GuildOptions options) {
        this.clock = clock;
        this.options = options;
    }

    /** The handler has failed: the time until it is to be started again, or null if it has failed too often. */
    @Nullable
    Duration failed() {
        long now = clock.nanoTime();
        long period = options.restartPeriod().toNanos();
        while (!failures.isEmpty() && now - failures.getFirst() >= period) {
            failures.removeFirst();
        }
        failures.addLast(now);
        if (failures.size() > options.maxRestarts()) {
            return null;
        }
        int doublings = Math.min(failures.size() - 1, MAX_DOUBLINGS);
        long doubled = options.minBackoff().toNanos() << doublings;
        long longest = options.maxBackoff().toNanos();
        long nanos = Math.min(doubled, longest);
        return Duration.ofNanos(nanos + ThreadLocalRandom.current().nextLong(1 + nanos / JITTER_PART));
    }

    /** How many failures count now. */
    int recent() {
        return failures.size();
    }

    /** Somebody says that it will do now. */
    void forgive() {
        failures.clear();
    }
}
