package dev.guildhall;

import java.time.Duration;
import java.util.Objects;

/**
 * How audiences work in an engine's guilds. Immutable.
 *
 * @param reservedClasses how many classes, from 0 on, the application numbers itself: 0 to 62. Those from there to 62 are exact bits for
 *     {@link Channels}, and sets of roles beyond these share one bit and are confirmed
 * @param unreadPeriod time from an event that a passive subscription did not get to the summary that counts it: 1 ms to 1 h
 */
public record AudienceOptions(int reservedClasses, Duration unreadPeriod) {
    /** Default number of classes that the application numbers itself: half of the bits. */
    public static final int DEFAULT_RESERVED_CLASSES = 32;

    /** Default period of summaries: short enough for a badge, and a hundred events of a busy guild are one. */
    public static final Duration DEFAULT_UNREAD_PERIOD = Duration.ofSeconds(5);

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** All defaults. */
    public static final AudienceOptions DEFAULT = new AudienceOptions(DEFAULT_RESERVED_CLASSES, DEFAULT_UNREAD_PERIOD);

    /**
     * Checks the values.
     *
     * @param reservedClasses classes of the application
     * @param unreadPeriod time from an event to its summary
     */
    public AudienceOptions {
        Objects.requireNonNull(unreadPeriod, "unreadPeriod");
        if (reservedClasses < 0 || reservedClasses > 62) {
            throw new IllegalArgumentException("reservedClasses must be between 0 and 62, was " + reservedClasses);
        }
        if (unreadPeriod.compareTo(SHORTEST) < 0 || unreadPeriod.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "unreadPeriod must be between " + SHORTEST + " and " + LONGEST + ", was " + unreadPeriod);
        }
    }

    /**
     * The same with another number of classes for the application.
     *
     * @param count 0 to 62
     * @return new options
     */
    public AudienceOptions withReservedClasses(int count) {
        return new AudienceOptions(count, unreadPeriod);
    }

    /**
     * The same with another period.
     *
     * @param period 1 ms to 1 h
     * @return new options
     */
    public AudienceOptions withUnreadPeriod(Duration period) {
        return new AudienceOptions(reservedClasses, period);
    }
}
