package dev.guildhall;

/**
 * Application code that follows the life of sessions, given to {@link EngineBuilder#sessionListener}.
 *
 * <p>Calls for one session never overlap and come in the order of what happened, each on the engine's executor for blocking
 * code (a virtual thread by default), so they may block; the session does not wait for them. Commands of the session's client
 * run in the same order between them: the first after {@link #onAttached}, and none after {@link #onClosed}. Calls for different
 * sessions run at the same time. An exception is counted ({@link EngineStats#subscriberFailures()}) and logged, and the
 * session goes on.
 *
 * <pre>
 *   onOpened ──▶ onAttached ──▶ onDetached ──▶ onAttached ──▶ onResumed ──▶ onDetached ──▶ … ──▶ onClosed
 * </pre>
 *
 * <p>A listener that is far behind holds its session's resumes up: they are refused as overloaded until it has caught up.
 */
public interface SessionListener {

    /**
     * The session was opened.
     *
     * @param session the session
     */
    default void onOpened(Session session) {}

    /**
     * A connection or an in-process subscriber is attached.
     *
     * @param session the session
     * @param reason how that came about
     */
    default void onAttached(Session session, AttachReason reason) {}

    /**
     * The session lost its connection and waits to be resumed. A second resume that takes the place of a connection that still
     * looks alive calls this too, with {@link CloseReason.Kind#REPLACED}.
     *
     * @param session the session
     * @param reason why the connection ended
     */
    default void onDetached(Session session, CloseReason reason) {}

    /**
     * A new connection is attached and everything the client lacks is on its way.
     *
     * @param session the session
     * @param lost why the connection before this one ended
     */
    default void onResumed(Session session, CloseReason lost) {}

    /**
     * The session is over. Called once, and nothing follows.
     *
     * @param session the session
     * @param reason why
     */
    default void onClosed(Session session, CloseReason reason) {}
}
