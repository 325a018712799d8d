package dev.guildhall;

import java.util.Objects;

/**
 * A session asks to be let in.
 *
 * @param session the session
 * @param interests what it asks for
 */
public record SubscribeRequest(Session session, Interests interests) {

    /**
     * Checks that nothing is missing.
     *
     * @param session the session
     * @param interests what it asks for
     */
    public SubscribeRequest {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(interests, "interests");
    }
}
