package dev.guildhall.transport.netty;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The application's answer to "who is this?". */
@FunctionalInterface
public interface Authenticator {

    /**
     * Decides about one identify. Called on the engine's executor for blocking code, a virtual thread by default, so it may
     * block; several connections are asked about at the same time, {@link GatewayLimits#maxIdentifying} at most, one connection
     * never twice at once.
     *
     * @param identify what the client sent
     * @return who it is, or why it is refused
     * @throws Exception if it cannot tell; logged at WARN without what the client sent, and the client is closed with
     *     {@link GatewayCloseCode#UNKNOWN_ERROR}, after which it may try again. A {@link GatewayException} closes the client
     *     with its code instead
     */
    Authentication authenticate(Identify identify) throws Exception;

    /**
     * Decides whether a client that comes back may go on with its session. Called as {@link #authenticate} is. Override it to look
     * whether the token is still good and still that user's. Also asked for each message that the client of a
     * {@linkplain EventStreamOptions stream of events} posts.
     *
     * @param session the session that the client names
     * @param resume what the client shows, and from where it comes
     * @return by default whether it is the token that the session identified with, compared in constant time; if false, the client is told
     *     that the session is not valid, and not why
     * @throws Exception if it cannot tell; counts as false, and is logged at WARN without the token
     */
    default boolean mayResume(GatewaySession session, Resume resume) throws Exception {
        return MessageDigest.isEqual(
                session.identify().token().getBytes(StandardCharsets.UTF_8),
                resume.token().getBytes(StandardCharsets.UTF_8));
    }
}
