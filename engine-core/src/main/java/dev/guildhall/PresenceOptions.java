package dev.guildhall;

import java.time.Duration;
import java.util.Objects;

/**
 * How presence reaches guilds. {@code docs/presence.md} says why each default is what it is.
 *
 * @param tick time in which the changes in a guild are collected, 1 ms to 1 min
 * @param usersPerEvent most users of one event, 1 to 4,096
 * @param eventsPerTick most events in a guild at one tick, 1 to 256, each about users of its own; who is left over waits for the next tick
 * @param need interest bits that a subscription must have to be told; 0 means everybody, see {@link Event#needing}
 * @param encoder makes the events' payload
 */
public record PresenceOptions(Duration tick, int usersPerEvent, int eventsPerTick, long need, PresenceEncoder encoder) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST_USERS = 4096;
    private static final int MOST_EVENTS = 256;

    /** Default time in which changes are collected. */
    public static final Duration DEFAULT_TICK = Duration.ofMillis(500);

    /** Default bound of the users in one event. */
    public static final int DEFAULT_USERS_PER_EVENT = 256;

    /** Default bound of the events in a guild at one tick. */
    public static final int DEFAULT_EVENTS_PER_TICK = 1;

    /** All defaults. */
    public static final PresenceOptions DEFAULT = new PresenceOptions(
            DEFAULT_TICK, DEFAULT_USERS_PER_EVENT, DEFAULT_EVENTS_PER_TICK, 0L, PresenceEncoder.JSON);

    /**
     * Checks every value against its bounds.
     *
     * @param tick time in which changes are collected
     * @param usersPerEvent most users of one event
     * @param eventsPerTick most events in a guild at one tick
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
        if (eventsPerTick < 1 || eventsPerTick > MOST_EVENTS) {
            throw new IllegalArgumentException(
                    "eventsPerTick must be between 1 and " + MOST_EVENTS + ", was " + eventsPerTick);
        }
    }

    /**
     * These options with another tick.
     *
     * @param time 1 ms to 1 min; default 500 ms
     * @return the options
     */
    public PresenceOptions withTick(Duration time) {
        return new PresenceOptions(time, usersPerEvent, eventsPerTick, need, encoder);
    }

    /**
     * These options with another bound of an event.
     *
     * @param users 1 to 4,096; default {@value #DEFAULT_USERS_PER_EVENT}
     * @return the options
     */
    public PresenceOptions withUsersPerEvent(int users) {
        return new PresenceOptions(tick, users, eventsPerTick, need, encoder);
    }

    /**
     * These options with another bound of the events in a guild at one tick: more than one is for protocols whose events name few users, or
     * one. A session then gets, of each guild and in a time span D, at most {@code (D / tick + 1) * events} presence events.
     *
     * @param events 1 to 256; default {@value #DEFAULT_EVENTS_PER_TICK}
     * @return the options
     */
    public PresenceOptions withEventsPerTick(int events) {
        return new PresenceOptions(tick, usersPerEvent, events, need, encoder);
    }

    /**
     * These options with events for those only whose interest mask holds all the given bits.
     *
     * @param bits default 0, everybody
     * @return the options
     */
    public PresenceOptions withNeed(long bits) {
        return new PresenceOptions(tick, usersPerEvent, eventsPerTick, bits, encoder);
    }

    /**
     * These options with another payload.
     *
     * @param other default {@link PresenceEncoder#JSON}
     * @return the options
     */
    public PresenceOptions withEncoder(PresenceEncoder other) {
        return new PresenceOptions(tick, usersPerEvent, eventsPerTick, need, other);
    }
}
