package dev.guildhall;

import java.util.Objects;

/**
 * A session asks to be let in.
 *
 * @param session the session
 * @param mask the interest bits it asks for; -1 means everything
 */
public record SubscribeRequest(Session session, long mask) {

    /**
     * Checks that nothing is missing.
     *
     * @param session the session
     * @param mask the interest bits
     */
    public SubscribeRequest {
        Objects.requireNonNull(session, "session");
    }
}
