package dev.guildhall;

/**
 * What happens to a session whose backlog is full because its client does not keep up. From the loss of a connection until
 * everything was written to the next one, the bounds of the backlog are twice as large; reaching those ends a session that
 * does not drop its oldest events.
 */
public enum OverflowPolicy {
    /**
     * The connection is closed with {@link CloseReason.Kind#SLOW_CONSUMER} and the session waits for its client, as after any
     * lost connection. A session that cannot be resumed ends at once, as with {@link #INVALIDATE}. Nothing reliable is lost unless
     * the session is.
     */
    DISCONNECT_RESUMABLE,
    /** The session ends with {@link CloseReason.Kind#SLOW_CONSUMER} and cannot be resumed. */
    INVALIDATE,
    /**
     * The oldest sixteenth of the backlog or somewhat more is dropped, and the client is told what it lost by an event of type
     * {@link Event#GAP} in its place, one per guild. The session never ends for being slow, attached or not; if there is no
     * room for the notices themselves, it exceeds its bounds by one for each of its guilds at most.
     */
    DROP_OLDEST_WITH_GAP
}
