package dev.guildhall.internal;

import dev.guildhall.AudienceOptions;
import dev.guildhall.EngineBuilder;
import dev.guildhall.EngineClock;
import dev.guildhall.GuildHandlerFactory;
import dev.guildhall.GuildListener;
import dev.guildhall.GuildOptions;
import dev.guildhall.PresenceOptions;
import dev.guildhall.SessionListener;
import dev.guildhall.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What the builder collected, checked once; the builder documents each value. */
public record EngineConfig(
        List<Executor> laneExecutors,
        int lanes,
        List<Transport> transports,
        EngineClock clock,
        Executor blockingExecutor,
        int subscriberParallelism,
        int logCapacity,
        Duration laneStallLimit,
        Duration drainTimeout,
        long maxRetainedBytes,
        int turnBudget,
        int sessionMajorFrom,
        int maxGuilds,
        Duration guildIdleTimeout,
        @Nullable SessionListener sessionListener,
        GuildOptions guildOptions,
        @Nullable GuildHandlerFactory guildHandlers,
        @Nullable GuildListener guildListener,
        @Nullable PresenceOptions presence,
        AudienceOptions audience) {

    private static final Duration HOUR = Duration.ofHours(1);

    /** Checks every value against its bounds. */
    public EngineConfig {
        requireRange("lanes", lanes, 1, 256);
        requireRange("subscriberParallelism", subscriberParallelism, 1, 1 << 16);
        requireRange("logCapacity", logCapacity, 64, 1 << 20);
        requireRange("turnBudget", turnBudget, 64, 1 << 20);
        requireRange("sessionMajorFrom", sessionMajorFrom, 1, Integer.MAX_VALUE);
        requireRange("maxGuilds", maxGuilds, 1, Integer.MAX_VALUE);
        requireRange("guildIdleTimeout", guildIdleTimeout, Duration.ofMillis(1));
        requireRange("laneStallLimit", laneStallLimit, Duration.ofMillis(1));
        requireRange("drainTimeout", drainTimeout, Duration.ZERO);
        if (maxRetainedBytes < EngineBuilder.MIN_RETAINED_BYTES) {
            throw new IllegalArgumentException("maxRetainedBytes must be at least " + EngineBuilder.MIN_RETAINED_BYTES
                    + ", was " + maxRetainedBytes);
        }
        logCapacity = roundUpToPowerOfTwo(logCapacity);
    }

    private static int roundUpToPowerOfTwo(int value) {
        return Integer.highestOneBit(value - 1) << 1;
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", was " + value);
        }
    }

    private static void requireRange(String name, Duration value, Duration min) {
        if (value.compareTo(min) < 0 || value.compareTo(HOUR) > 0) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + HOUR + ", was " + value);
        }
    }
}
