package dev.guildhall;

import java.util.Objects;

/**
 * Why a session or a connection ended.
 *
 * @param kind what happened, for code
 * @param detail one sentence for a person; never holds a secret
 */
public record CloseReason(Kind kind, String detail) {

    /** What happened. */
    public enum Kind {
        /** The application closed the session. */
        REQUESTED,
        /** The client said goodbye. */
        CLIENT_LEFT,
        /** The connection was lost. */
        CONNECTION_LOST,
        /** The session's backlog reached its bound because the client or subscriber did not keep up. */
        SLOW_CONSUMER,
        /** The engine held more bytes than its budget, and this was one of those with the most that were not written. */
        OVER_BUDGET,
        /** The client sent more commands than may wait. */
        COMMAND_OVERFLOW,
        /** A newer connection resumed the session in place of this one. Ends a connection, never a session. */
        REPLACED,
        /** The client did not come back within the resume window. */
        RESUME_EXPIRED,
        /** While the session moved to the lane of its new connection, a guild's log dropped events that it still lacked. */
        RESUME_FAILED,
        /** The client broke the transport's protocol. */
        PROTOCOL_ERROR,
        /** The client was silent for longer than the transport allows. */
        TIMED_OUT,
        /** The engine was closed. */
        ENGINE_CLOSED
    }

    /** The application closed the session. */
    public static final CloseReason REQUESTED = new CloseReason(Kind.REQUESTED, "closed by the application");

    /** The client said goodbye. */
    public static final CloseReason CLIENT_LEFT = new CloseReason(Kind.CLIENT_LEFT, "closed by the client");

    /** The connection was lost. */
    public static final CloseReason CONNECTION_LOST = new CloseReason(Kind.CONNECTION_LOST, "the connection was lost");

    /** Another connection took over. */
    public static final CloseReason REPLACED =
            new CloseReason(Kind.REPLACED, "the session was resumed by another connection");

    /** The client stayed away. */
    public static final CloseReason RESUME_EXPIRED =
            new CloseReason(Kind.RESUME_EXPIRED, "the client did not come back within the resume window");

    /** The engine was closed. */
    public static final CloseReason ENGINE_CLOSED = new CloseReason(Kind.ENGINE_CLOSED, "the engine was closed");

    /**
     * Checks the parts.
     *
     * @param kind what happened
     * @param detail one sentence for a person
     */
    public CloseReason {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }
}
