package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the handlers of an engine's guilds fare. Any thread. */
final class GuildCounters {
    private static final Logger LOG = LoggerFactory.getLogger(GuildCounters.class);

    private final LongAdder failures = new LongAdder();
    private final AtomicInteger down = new AtomicInteger();
    private final OncePerMinute failureLog;
    private final OncePerMinute downLog;

    GuildCounters(EngineClock clock) {
        failureLog = new OncePerMinute(clock);
        downLog = new OncePerMinute(clock);
    }

    /** A handler has failed, and is started again after the delay; null if the guild stays down. */
    void failed(LocalGuild guild, Throwable failure, @Nullable Duration delay) {
        failures.increment();
        if (delay == null) {
            down.incrementAndGet();
            if (downLog.isDue()) {
                LOG.warn(
                        "{} failed too often and stays down until it is revived. {} guilds are down now; further ones are"
                                + " counted, and logged once a minute",
                        guild,
                        down,
                        failure);
            }
        } else if (failureLog.isDue()) {
            LOG.warn(
                    "{} failed and is started again in {}. Further failures of guilds are counted, and logged once a minute",
                    guild,
                    delay,
                    failure);
        }
    }

    /** A guild is not down any more. */
    void revived() {
        down.decrementAndGet();
    }

    long failures() {
        return failures.sum();
    }

    int down() {
        return down.get();
    }
}
