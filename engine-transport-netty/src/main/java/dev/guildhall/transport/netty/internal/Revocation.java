package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayCloseCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Users whose tokens became worthless while the authenticator was asked about some client, and may have answered before.
 *
 * <p><b>Threads.</b> Any. Who revokes marks what is pending first and ends the open sessions then; who opens a session makes it visible first
 * and looks at its mark then. So one of the two sees the other.
 *
 * <p><b>Memory.</b> One entry per question that is being asked, and in it the users revoked meanwhile.
 */
final class Revocation {
    static final GatewayCloseCode CODE = GatewayCloseCode.AUTHENTICATION_FAILED;
    static final String REASON = "the token is no longer valid";

    /** One question to the authenticator. */
    static final class Pending {
        private final Set<String> revoked = ConcurrentHashMap.newKeySet(1);

        /** What the authenticator said, unless the user was revoked meanwhile. */
        Admission revises(Admission answer) {
            return answer instanceof Admission.Welcome welcome && isRevoked(welcome.user())
                    ? new Admission.Refused(CODE, REASON)
                    : answer;
        }

        boolean isRevoked(String user) {
            return revoked.contains(user);
        }
    }

    private final Set<Pending> asked = ConcurrentHashMap.newKeySet();

    /** Before the authenticator is asked. */
    Pending begin() {
        Pending pending = new Pending();
        asked.add(pending);
        return pending;
    }

    /** Its answer has taken effect. */
    void end(Pending pending) {
        asked.remove(pending);
    }

    void revoke(String user) {
        asked.forEach(pending -> pending.revoked.add(user));
    }

    /** Number of questions that are being asked. */
    int pending() {
        return asked.size();
    }
}
