package dev.guildhall;

import java.time.Duration;
import java.util.Objects;

/**
 * How presence reaches guilds. {@code docs/presence.md} says why each default is what it is.
 *
 * @param tick time in which the changes in a guild are collected into one event, 1 ms to 1 min
 * @param usersPerEvent most users of one event, 1 to 4,096; who is left over waits for the next tick
 * @param need interest bits that a subscription must have to be told; 0 means everybody, see {@link Event#needing}
 * @param encoder makes the events' payload
 */
public record PresenceOptions(Duration tick, int usersPerEvent, long need, PresenceEncoder encoder) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST_USERS = 4096;

    /** Default time in which changes are collected. */
    public static final Duration DEFAULT_TICK = Duration.ofMillis(500);

    /** Default bound of the users in one event. */
    public static final int DEFAULT_USERS_PER_EVENT = 256;

    /** All defaults. */
    public static final PresenceOptions DEFAULT =
            new PresenceOptions(DEFAULT_TICK, DEFAULT_USERS_PER_EVENT, 0L, PresenceEncoder.JSON);

    /**
     * Checks every value against its bounds.
     *
     * @param tick time in which changes are collected
     * @param usersPerEvent most users of one event
     * @param need interest bits
     * @param encoder makes the payload
     * @throws IllegalArgumentException if a value is out of its range; the message names both
     */
    public PresenceOptions {
        Objects.requireNonNull(encoder, "encoder");
        if (tick.compareTo(SHORTEST) < 0 || tick.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "tick must be between " + SHORTEST + " and " + LONGEST + ", was " + tick);
        }
        if (usersPerEvent < 1 || usersPerEvent > MOST_USERS) {
            throw new IllegalArgumentException(
                    "usersPerEvent must be between 1 and " + MOST_USERS + ", was " + usersPerEvent);
        }
    }

    /**
     * These options with another tick.
     *
     * @param time 1 ms to 1 min; default 500 ms
     * @return the options
     */
    public PresenceOptions withTick(Duration time) {
        return new PresenceOptions(time, usersPerEvent, need, encoder);
    }

    /**
     * These options with another bound of an event.
     *
     * @param users 1 to 4,096; default {@value #DEFAULT_USERS_PER_EVENT}
     * @return the options
     */
    public PresenceOptions withUsersPerEvent(int users) {
        return new PresenceOptions(tick, users, need, encoder);
    }

    /**
     * These options with events for those only whose interest mask holds all the given bits.
     *
     * @param bits default 0, everybody
     * @return the options
     */
    public PresenceOptions withNeed(long bits) {
        return new PresenceOptions(tick, usersPerEvent, bits, encoder);
    }

    /**
     * These options with another payload.
     *
     * @param other default {@link PresenceEncoder#JSON}
     * @return the options
     */
    public PresenceOptions withEncoder(PresenceEncoder other) {
        return new PresenceOptions(tick, usersPerEvent, need, other);
    }
}
