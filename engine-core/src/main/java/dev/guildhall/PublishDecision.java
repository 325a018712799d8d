package dev.guildhall;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A guild's answer to somebody who wants to publish.
 *
 * @param isAccepted whether something is published
 * @param event in place of the event that was offered; null for that one
 */
public record PublishDecision(boolean isAccepted, @Nullable Event event) {
    private static final PublishDecision ACCEPTED = new PublishDecision(true, null);
    private static final PublishDecision REFUSED = new PublishDecision(false, null);

    /**
     * Publishes the event as it is.
     *
     * @return the answer
     */
    public static PublishDecision accept() {
        return ACCEPTED;
    }

    /**
     * Publishes another event in its place.
     *
     * @param changed what to publish
     * @return the answer
     */
    public static PublishDecision change(Event changed) {
        return new PublishDecision(true, Objects.requireNonNull(changed, "changed"));
    }

    /**
     * Publishes nothing; the publisher's receipt says {@link Outcome#REFUSED}.
     *
     * @return the answer
     */
    public static PublishDecision refuse() {
        return REFUSED;
    }
}
