package dev.guildhall.transport.netty;

import dev.guildhall.CloseReason;

/**
 * Told when sessions of the gateway begin and end.
 *
 * <p>Calls for one session never overlap with each other nor with its {@link OpcodeHandler}s: onReady first, then commands
 * in the order the client sent them, onClose last. They run on the engine's executor for blocking code and may block; while
 * they do, the client's commands wait, and too many of them close it ({@link dev.guildhall.SessionOptions.Builder#maxWaitingCommands}).
 */
public interface GatewayListener {

    /**
     * A client has a session, and READY, its first dispatch, is queued. The place to subscribe it to guilds. The session may
     * have ended already; subscribing then does nothing and {@link #onClose} follows. A client that comes back to its session gets no
     * new READY; {@link dev.guildhall.SessionListener} tells of connections that come and go.
     *
     * <p>An exception is logged at WARN and closes the client with {@link GatewayCloseCode#UNKNOWN_ERROR}, a
     * {@link GatewayException} with its own code.
     *
     * @param session the new session
     */
    default void onReady(GatewaySession session) {}

    /**
     * A session ended: by its client's goodbye, when its client has not come back in time, or by this side. Called once for every
     * session that {@link #onReady} was called for, however it ended; nothing follows.
     * An exception is logged at WARN.
     *
     * @param session the ended session
     * @param reason why
     */
    default void onClose(GatewaySession session, CloseReason reason) {}
}
