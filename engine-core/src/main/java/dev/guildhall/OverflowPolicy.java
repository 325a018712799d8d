package dev.guildhall;

/** What happens to a session whose backlog is full because its client does not keep up. */
public enum OverflowPolicy {
    /**
     * The connection is closed with {@link CloseReason.Kind#SLOW_CONSUMER} and the session waits for its client, as after any
     * lost connection; while it waits, its backlog may grow to twice its bounds. Reaching those ends the session. A session that
     * cannot be resumed ends at once, as with {@link #INVALIDATE}. Nothing is lost unless the session is.
     */
    DISCONNECT_RESUMABLE,
    /** The session ends with {@link CloseReason.Kind#SLOW_CONSUMER} and cannot be resumed. */
    INVALIDATE,
    /**
     * The oldest quarter of the backlog is dropped and the client is told what it lost by an event of type {@link Event#GAP} in
     * its place, one per guild. The session never ends for being slow, attached or not.
     */
    DROP_OLDEST_WITH_GAP
}
