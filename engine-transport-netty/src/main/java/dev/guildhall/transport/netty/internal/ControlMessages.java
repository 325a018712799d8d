package dev.guildhall.transport.netty.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The gateway's messages that are no dispatches. They have no place in the sequence, so their {@code s} is null. */
final class ControlMessages {
    private static final byte[] HEARTBEAT_ACK = message(11, "null");
    private static final byte[] RECONNECT = message(7, "null");
    private static final byte[] INVALID_SESSION = message(9, "false");
    private static final byte[] TRY_AGAIN = message(9, "true");

    private ControlMessages() {}

    static byte[] hello(Duration heartbeatInterval) {
        return message(10, "{\"heartbeat_interval\":" + heartbeatInterval.toMillis() + "}");
    }

    static byte[] heartbeatAck() {
        return HEARTBEAT_ACK;
    }

    /** The client shall connect again, and resume. */
    static byte[] reconnect() {
        return RECONNECT;
    }

    /** The session cannot be resumed: not now, or never, and then the client has to identify anew. */
    static byte[] invalidSession(boolean mayTryAgain) {
        return mayTryAgain ? TRY_AGAIN : INVALID_SESSION;
    }

    private static byte[] message(int op, String data) {
        return ("{\"op\":" + op + ",\"d\":" + data + ",\"s\":null,\"t\":null}").getBytes(StandardCharsets.US_ASCII);
    }
}
