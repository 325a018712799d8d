package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.Resume;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client's wish to go on with a session.
 *
 * @param resume what the application sees
 * @param sessionId as READY told it
 * @param seq number of the last dispatch it has
 */
record ResumeMessage(Resume resume, String sessionId, long seq) {

    /**
     * Reads the {@code d} of a resume.
     *
     * @param address from where the client comes
     * @throws dev.guildhall.transport.netty.GatewayException if something is missing or of another kind
     */
    static ResumeMessage read(JsonNode data, @Nullable InetAddress address) {
        if (!data.isObject()) {
            throw ClientMessage.decodeError("d of resume must be an object");
        }
        return new ResumeMessage(new Resume(IdentifyRequest.token(data), address), sessionId(data), seq(data));
    }

    private static String sessionId(JsonNode data) {
        JsonNode id = data.get("session_id");
        if (id == null || !id.isString()) {
            throw ClientMessage.decodeError("session_id must be a string");
        }
        return id.stringValue();
    }

    private static long seq(JsonNode data) {
        JsonNode seq = data.get("seq");
        if (seq == null || !seq.isIntegralNumber() || !seq.canConvertToLong()) {
            throw ClientMessage.decodeError("seq must be an integer");
        }
        return seq.longValue();
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "ResumeMessage[" + sessionId + ", seq=" + seq + "]";
    }
}
