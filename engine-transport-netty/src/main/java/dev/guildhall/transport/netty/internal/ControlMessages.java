package dev.guildhall.transport.netty.internal;

import java.time.Duration;

/** The gateway's messages that are no dispatches. They have no place in the sequence, so their {@code s} is null. */
final class ControlMessages {
    private static final byte[] HEARTBEAT_ACK = message(11, "null");
    private static final byte[] INVALID_SESSION = message(9, "false");

    private ControlMessages() {}

    static byte[] hello(Duration heartbeatInterval) {
        return message(10, "{\"heartbeat_interval\":" + heartbeatInterval.toMillis() + "}");
    }

    static byte[] heartbeatAck() {
        return HEARTBEAT_ACK;
    }

    /** There is nothing to resume: identify anew. */
    static byte[] invalidSession() {
        return INVALID_SESSION;
    }

    private static byte[] message(int op, String data) {
        return TextFrame.of("{\"op\":" + op + ",\"d\":" + data + ",\"s\":null,\"t\":null}");
    }
}
