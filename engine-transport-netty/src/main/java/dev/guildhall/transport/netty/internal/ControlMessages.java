package dev.guildhall.transport.netty.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The gateway's messages that are no dispatches. They have no place in the sequence, so their {@code s} is null. */
final class ControlMessages {
    private static final byte[] HEARTBEAT = message(Opcodes.HEARTBEAT, "null");
    private static final byte[] HEARTBEAT_ACK = message(Opcodes.HEARTBEAT_ACK, "null");
    private static final byte[] RECONNECT = message(Opcodes.RECONNECT, "null");
    private static final byte[] INVALID_SESSION = message(Opcodes.INVALID_SESSION, "false");
    private static final byte[] TRY_AGAIN = message(Opcodes.INVALID_SESSION, "true");

    private ControlMessages() {}

    static byte[] hello(Duration heartbeatInterval) {
        return message(Opcodes.HELLO, "{\"heartbeat_interval\":" + heartbeatInterval.toMillis() + "}");
    }

    /** The client shall send a heartbeat now. */
    static byte[] heartbeat() {
        return HEARTBEAT;
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
