package dev.guildhall;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher says about itself.
 *
 * @param user who publishes, for the guild's handler; null if that does not matter
 * @param idempotencyKey the same key again within {@value #KEYS} events and 5 minutes is not published again, but answered with the first
 *     receipt; only for guilds with a handler
 */
public record PublishOptions(
        @Nullable String user, @Nullable String idempotencyKey) {

    /** Nothing is said. */
    public static final PublishOptions NONE = new PublishOptions(null, null);

    /** How many keys a guild remembers. */
    public static final int KEYS = 4_096;

    /** Longest key, in characters. */
    public static final int MAX_KEY_LENGTH = 128;

    /**
     * Checks the key's length.
     *
     * @param user who publishes
     * @param idempotencyKey 1 to {@value #MAX_KEY_LENGTH} characters
     */
    public PublishOptions {
        if (idempotencyKey != null && (idempotencyKey.isEmpty() || idempotencyKey.length() > MAX_KEY_LENGTH)) {
            throw new IllegalArgumentException("an idempotency key must have 1 to " + MAX_KEY_LENGTH
                    + " characters, had " + idempotencyKey.length());
        }
    }

    /**
     * Says who publishes.
     *
     * @param user who
     * @return options
     */
    public static PublishOptions by(String user) {
        return new PublishOptions(Objects.requireNonNull(user, "user"), null);
    }

    /**
     * Says by which key a repeated publish is recognised.
     *
     * @param key chosen by the publisher
     * @return options like these with the key
     */
    public PublishOptions withIdempotencyKey(String key) {
        return new PublishOptions(user, Objects.requireNonNull(key, "key"));
    }
}
