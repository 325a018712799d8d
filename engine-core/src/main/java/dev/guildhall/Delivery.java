package dev.guildhall;

import java.time.Duration;
import java.util.Objects;

/**
 * What a session that does not keep up, or that comes back, may lose of an event. Chosen per event with
 * {@link Event#withDelivery}.
 *
 * <p>All classes keep the order in which a guild ordered the events, and none of them leaves a hole in a session's sequence
 * numbers: a number is given when an event is written, and what is not written gets none.
 */
public sealed interface Delivery {

    /** Longest {@link Latest#key()}, in characters. */
    int MAX_KEY_LENGTH = 128;

    /** Longest {@link Ephemeral#ttl()}. */
    Duration MAX_TTL = Duration.ofHours(1);

    /** Every event counts. The default. */
    Delivery RELIABLE = new Reliable();

    /**
     * Only the newest value of the key counts.
     *
     * @param key names a value within the guild, or among a session's direct sends; 1 to {@value #MAX_KEY_LENGTH} characters
     * @return the class
     * @throws IllegalArgumentException if the key is empty or too long
     */
    static Delivery latest(String key) {
        return new Latest(key);
    }

    /**
     * The event counts for a moment only.
     *
     * @param ttl how long after it was published the event may still be written; positive, at most an hour
     * @return the class
     * @throws IllegalArgumentException if the time is out of range
     */
    static Delivery ephemeral(Duration ttl) {
        return new Ephemeral(ttl);
    }

    /** Kept until the client has it, and replayed; lost only with a notice. */
    record Reliable() implements Delivery {}

    /**
     * An event that was not written yet is replaced by a newer one with the same key, which takes its own place in the order.
     * The newest value is kept and replayed like a reliable event.
     *
     * @param key names the value
     */
    record Latest(String key) implements Delivery {

        /**
         * Checks the key.
         *
         * @param key names the value
         */
        public Latest {
            if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
                throw new IllegalArgumentException(
                        "a key must have 1 to " + MAX_KEY_LENGTH + " characters, had " + key.length());
            }
        }
    }

    /**
     * Neither kept nor replayed once it was written, not written any more when its time is over, and the first to be dropped,
     * without a notice, from a backlog that is full. Inline subscribers get it in any case.
     *
     * @param ttl how long after it was published the event may still be written
     */
    record Ephemeral(Duration ttl) implements Delivery {

        /**
         * Checks the time.
         *
         * @param ttl how long the event may wait
         */
        public Ephemeral {
            Objects.requireNonNull(ttl, "ttl");
            if (!ttl.isPositive() || ttl.compareTo(MAX_TTL) > 0) {
                throw new IllegalArgumentException("ttl must be above 0 and at most " + MAX_TTL + ", was " + ttl);
            }
        }
    }
}
