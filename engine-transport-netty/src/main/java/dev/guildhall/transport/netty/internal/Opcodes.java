package dev.guildhall.transport.netty.internal;

import java.util.Set;

/** The opcodes of the gateway protocol, version 10, as far as this gateway knows them. */
public final class Opcodes {
    static final int DISPATCH = 0;
    static final int HEARTBEAT = 1;
    static final int IDENTIFY = 2;
    static final int PRESENCE = 3;
    static final int VOICE_STATE = 4;
    static final int RESUME = 6;
    static final int RECONNECT = 7;
    static final int REQUEST_MEMBERS = 8;
    static final int INVALID_SESSION = 9;
    static final int HELLO = 10;
    static final int HEARTBEAT_ACK = 11;

    /** What only the gateway sends. */
    static final Set<Integer> TO_CLIENTS = Set.of(DISPATCH, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK);

    /** What the gateway itself deals with. */
    static final Set<Integer> FROM_CLIENTS = Set.of(HEARTBEAT, IDENTIFY, RESUME);

    /** What clients of the protocol may send whether or not the application listens. */
    static final Set<Integer> FOR_THE_APPLICATION = Set.of(PRESENCE, VOICE_STATE, REQUEST_MEMBERS);

    private Opcodes() {}

    /** Whether an application can have a handler for it. */
    public static boolean mayBeHandled(int op) {
        return op >= 0 && !TO_CLIENTS.contains(op) && !FROM_CLIENTS.contains(op);
    }
}
