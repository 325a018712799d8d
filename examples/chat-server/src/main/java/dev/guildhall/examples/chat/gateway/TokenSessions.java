package dev.guildhall.examples.chat.gateway;

import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewaySession;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The live sessions by the token they identified with, to be ended with it. Usable from any thread.
 *
 * <p>A token may be given up while a client that has just shown it gets its session. The token is removed from the database
 * before {@link #end}, and a session is in here before its token is looked at once more: one of the two sees the other.
 */
final class TokenSessions {
    private final ConcurrentHashMap<String, Set<GatewaySession>> sessions = new ConcurrentHashMap<>();

    void add(GatewaySession session) {
        sessions.compute(session.identify().token(), (token, present) -> {
            Set<GatewaySession> changed = present == null ? ConcurrentHashMap.newKeySet() : present;
            changed.add(session);
            return changed;
        });
    }

    void remove(GatewaySession session) {
        sessions.computeIfPresent(session.identify().token(), (token, present) -> {
            present.remove(session);
            return present.isEmpty() ? null : present;
        });
    }

    /** Ends the sessions of a token that is worth nothing any more. */
    void end(String token) {
        sessions.getOrDefault(token, Set.of()).forEach(TokenSessions::end);
    }

    static void end(GatewaySession session) {
        session.close(GatewayCloseCode.AUTHENTICATION_FAILED, "Logged out");
    }
}
