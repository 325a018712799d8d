package dev.guildhall.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client that comes back says about itself. Any content is allowed: what is wrong is refused, not thrown.
 *
 * @param sessionId the {@linkplain dev.guildhall.Session#id() id} it was given
 * @param secret the {@linkplain Attachment#secret() secret} it was given
 * @param lastSeq sequence number of the last event it has; 0 if it has none
 * @param user whom the transport has authenticated, who must be the session's user; null if the secret is all there is
 */
public record ResumeRequest(
        String sessionId,
        String secret,
        long lastSeq,
        @Nullable String user) {

    /**
     * Checks that nothing is missing.
     *
     * @param sessionId the session
     * @param secret its secret
     * @param lastSeq the last event's number
     * @param user who asks
     */
    public ResumeRequest {
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(secret, "secret");
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "ResumeRequest[" + sessionId + ", lastSeq=" + lastSeq + ", user=" + user + "]";
    }
}
