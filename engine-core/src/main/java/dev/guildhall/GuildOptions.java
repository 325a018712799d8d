package dev.guildhall;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an engine's guilds are set up, immutable. {@code docs/guilds.md} says why each default is what it is.
 *
 * @param mailboxCapacity messages that may wait for a guild's handler; beyond it {@link Outcome#BACK_PRESSURED}
 * @param maxWaitingCommands commands among them; beyond it asking fails at once with {@link Outcome#BACK_PRESSURED}, so that a stampede
 *     of questions does not take the place of events
 * @param tickInterval time between the end of one {@link GuildHandler#onTick} and the next; null for no ticks
 * @param minBackoff time until a failed handler is started again the first time; doubled each time, plus up to a quarter at random
 * @param maxBackoff the longest such time
 * @param maxRestarts restarts within {@code restartPeriod} after which the guild stays down
 * @param restartPeriod see there; a guild that has run for so long without a failure starts with {@code minBackoff} again
 * @param publishesPerSecond events a second that may be published in one guild; 0 for no limit. Beyond it {@link Outcome#RATE_LIMITED}
 * @param publishBurst events that may be published at once within that limit
 * @param parallelism guilds whose handlers run, or block, at the same time
 */
public record GuildOptions(
        int mailboxCapacity,
        int maxWaitingCommands,
        @Nullable Duration tickInterval,
        Duration minBackoff,
        Duration maxBackoff,
        int maxRestarts,
        Duration restartPeriod,
        int publishesPerSecond,
        int publishBurst,
        int parallelism) {

    private static final Duration HOUR = Duration.ofHours(1);

    /** Default messages that may wait for a handler. */
    public static final int DEFAULT_MAILBOX_CAPACITY = 1_024;

    /** Default commands that may wait for a handler. */
    public static final int DEFAULT_MAX_WAITING_COMMANDS = 256;

    /** Default time until a handler that has failed is started again. */
    public static final Duration DEFAULT_MIN_BACKOFF = Duration.ofMillis(100);

    /** Default longest time until a handler is started again. */
    public static final Duration DEFAULT_MAX_BACKOFF = Duration.ofSeconds(30);

    /** Default restarts after which a guild stays down. */
    public static final int DEFAULT_MAX_RESTARTS = 5;

    /** Default time within which these restarts count. */
    public static final Duration DEFAULT_RESTART_PERIOD = Duration.ofMinutes(1);

    /** Default number of handlers that run or block at the same time. */
    public static final int DEFAULT_PARALLELISM = 1_024;

    /** No ticks, no rate limit, and the defaults above. */
    public static final GuildOptions DEFAULT = builder().build();

    /** Checks every value against its bounds; the message of the exception names both. */
    public GuildOptions {
        requireRange("mailboxCapacity", mailboxCapacity, 16, 1 << 16);
        requireRange("maxWaitingCommands", maxWaitingCommands, 1, mailboxCapacity);
        if (tickInterval != null) {
            requireRange("tickInterval", tickInterval, Duration.ofMillis(1), HOUR);
        }
        requireRange("maxBackoff", maxBackoff, Duration.ofMillis(1), HOUR);
        requireRange("minBackoff", minBackoff, Duration.ofMillis(1), maxBackoff);
        requireRange("maxRestarts", maxRestarts, 0, 1_000);
        requireRange("restartPeriod", restartPeriod, Duration.ofMillis(1), Duration.ofDays(1));
        requireRange("publishesPerSecond", publishesPerSecond, 0, 1_000_000);
        requireRange("publishBurst", publishBurst, 1, 1_000_000);
        requireRange("parallelism", parallelism, 1, 1 << 16);
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", was " + value);
        }
    }

    private static void requireRange(String name, Duration value, Duration min, Duration max) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", was " + value);
        }
    }

    /**
     * Options to change.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; {@link #build} checks them. Not safe for use by several threads at once. */
    public static final class Builder {
        private int mailboxCapacity = DEFAULT_MAILBOX_CAPACITY;
        private int maxWaitingCommands = DEFAULT_MAX_WAITING_COMMANDS;
        private @Nullable Duration tickInterval;
        private Duration minBackoff = DEFAULT_MIN_BACKOFF;
        private Duration maxBackoff = DEFAULT_MAX_BACKOFF;
        private int maxRestarts = DEFAULT_MAX_RESTARTS;
        private Duration restartPeriod = DEFAULT_RESTART_PERIOD;
        private int publishesPerSecond;
        private int publishBurst = 1;
        private int parallelism = DEFAULT_PARALLELISM;

        private Builder() {}

        /**
         * Bounds of a guild's mailbox.
         *
         * @param messages 16 to 65,536
         * @param commands 1 to {@code messages}, how many of them may be commands
         * @return this
         */
        public Builder mailbox(int messages, int commands) {
            mailboxCapacity = messages;
            maxWaitingCommands = commands;
            return this;
        }

        /**
         * Calls {@link GuildHandler#onTick}.
         *
         * @param interval 1 ms to 1 h
         * @return this
         */
        public Builder ticks(Duration interval) {
            tickInterval = Objects.requireNonNull(interval, "interval");
            return this;
        }

        /**
         * How soon failed handlers are started again.
         *
         * @param min 1 ms to {@code max}
         * @param max 1 ms to 1 h
         * @return this
         */
        public Builder backoff(Duration min, Duration max) {
            minBackoff = min;
            maxBackoff = max;
            return this;
        }

        /**
         * How often a handler may fail before its guild stays down.
         *
         * @param restarts 0 to 1,000
         * @param period 1 ms to 1 day
         * @return this
         */
        public Builder maxRestarts(int restarts, Duration period) {
            maxRestarts = restarts;
            restartPeriod = period;
            return this;
        }

        /**
         * Limits how much is published in each guild.
         *
         * @param perSecond 1 to 1,000,000 events, or 0 for no limit
         * @param burst 1 to 1,000,000 events at once
         * @return this
         */
        public Builder publishRate(int perSecond, int burst) {
            publishesPerSecond = perSecond;
            publishBurst = burst;
            return this;
        }

        /**
         * Limits how many handlers run, or block, at the same time.
         *
         * @param guilds 1 to 65,536
         * @return this
         */
        public Builder parallelism(int guilds) {
            parallelism = guilds;
            return this;
        }

        /**
         * The options.
         *
         * @return an immutable record
         * @throws IllegalArgumentException if a value is out of its range; the message names both
         */
        public GuildOptions build() {
            return new GuildOptions(
                    mailboxCapacity,
                    maxWaitingCommands,
                    tickInterval,
                    minBackoff,
                    maxBackoff,
                    maxRestarts,
                    restartPeriod,
                    publishesPerSecond,
                    publishBurst,
                    parallelism);
        }
    }
}
