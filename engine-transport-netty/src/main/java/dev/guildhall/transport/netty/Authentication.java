package dev.guildhall.transport.netty;

import dev.guildhall.User;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** What an {@link Authenticator} found out. */
public sealed interface Authentication {

    /**
     * The client gets a session.
     *
     * @param user who it is, 1 to {@value dev.guildhall.User#MAX_ID_LENGTH} characters; becomes {@link dev.guildhall.Session#user()}
     * @param ready a JSON object that is merged into READY's {@code d}. The gateway itself sets {@code v},
     *     {@code session_id}, {@code resume_gateway_url} and, if the client sent one, {@code shard}. Must not be changed
     *     afterwards
     */
    record Accepted(String user, JsonNode ready) implements Authentication {

        /**
         * Checks the parts.
         *
         * @param user who it is
         * @param ready a JSON object
         * @throws IllegalArgumentException if the user's id is empty or too long, or {@code ready} is not an object
         */
        public Accepted {
            if (user.isEmpty() || user.length() > User.MAX_ID_LENGTH) {
                throw new IllegalArgumentException(
                        "user must have 1 to " + User.MAX_ID_LENGTH + " characters, had " + user.length());
            }
            if (!ready.isObject()) {
                throw new IllegalArgumentException("ready must be a JSON object, was " + ready.getNodeType());
            }
        }
    }

    /**
     * The client is closed.
     *
     * @param code tells it whether trying again makes sense
     * @param reason one sentence for a person, sent to the client; at most the first 123 bytes of its UTF-8 form
     */
    record Refused(GatewayCloseCode code, String reason) implements Authentication {

        /**
         * Checks the parts.
         *
         * @param code the close code
         * @param reason one sentence for a person
         */
        public Refused {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The client gets a session.
     *
     * @param user who it is
     * @param ready a JSON object that is merged into READY's {@code d}
     * @return the answer
     */
    static Authentication accepted(String user, JsonNode ready) {
        return new Accepted(user, ready);
    }

    /**
     * The token is not good: closes with {@link GatewayCloseCode#AUTHENTICATION_FAILED}.
     *
     * @param reason one sentence for a person, sent to the client
     * @return the answer
     */
    static Authentication refused(String reason) {
        return new Refused(GatewayCloseCode.AUTHENTICATION_FAILED, reason);
    }
}
