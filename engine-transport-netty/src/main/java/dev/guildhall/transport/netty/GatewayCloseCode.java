package dev.guildhall.transport.netty;

/** Close codes of the gateway protocol, version 10. Each tells the client whether to come back. */
public enum GatewayCloseCode {
    /** Something went wrong on this side, or the client did not keep up with its events. */
    UNKNOWN_ERROR(4000, true),
    /** The client sent an opcode that means nothing here. */
    UNKNOWN_OPCODE(4001, true),
    /** The client sent what is not a message: no JSON object, no text frame, or too large. */
    DECODE_ERROR(4002, true),
    /** The client sent a command before it identified. */
    NOT_AUTHENTICATED(4003, true),
    /** The token is not good. */
    AUTHENTICATION_FAILED(4004, false),
    /** The client identified a second time. */
    ALREADY_AUTHENTICATED(4005, true),
    /** The client wants to resume after an event that was never sent. */
    INVALID_SEQ(4007, true),
    /** The client sends faster than its commands are handled. */
    RATE_LIMITED(4008, true),
    /** The client was silent for too long: no heartbeat, or no identify in time. */
    SESSION_TIMED_OUT(4009, true),
    /** The shard in identify is not a pair of an index and a count. */
    INVALID_SHARD(4010, false),
    /** The user is in too many guilds for one session. */
    SHARDING_REQUIRED(4011, false),
    /** The client asked for another version than 10. */
    INVALID_API_VERSION(4012, false),
    /** The intents are no set of known bits. */
    INVALID_INTENTS(4013, false),
    /** The intents hold a bit the user may not have. */
    DISALLOWED_INTENTS(4014, false);

    private final int code;
    private final boolean reconnect;

    GatewayCloseCode(int code, boolean reconnect) {
        this.code = code;
        this.reconnect = reconnect;
    }

    /**
     * The number on the wire.
     *
     * @return the WebSocket close code
     */
    public int code() {
        return code;
    }

    /**
     * Whether the client should connect again.
     *
     * @return false if the same attempt would fail again
     */
    public boolean reconnect() {
        return reconnect;
    }
}
