package dev.guildhall.spi;

import dev.guildhall.CloseReason;
import dev.guildhall.Outcome;
import dev.guildhall.Session;

/**
 * The engine's end of a live link: what the transport tells the session. Callable from any thread, never blocks. Once the link
 * is gone, or another connection has taken its place, all calls are without effect, but for {@link #closed} soon after {@link #lost},
 * which may still end the session.
 */
public interface Attachment {

    /**
     * The session.
     *
     * @return the session this connection is attached to
     */
    Session session();

    /**
     * What the client must show to resume the session: tell it once, over a link that nobody else can read, and never log it.
     * It is the same for the session's life.
     *
     * @return 32 hexadecimal digits
     */
    String secret();

    /** The connection can take events again. Calling it without need is harmless. */
    void writable();

    /**
     * The client has everything up to a sequence number, so the session need not keep it. Numbers that were acknowledged before,
     * and those that were never written, are ignored; of several in a row the largest counts.
     *
     * @param seq number of the last event the client has
     */
    void acknowledged(long seq);

    /**
     * A command of the client: application code that runs on the engine's executor for blocking code, in the order of these
     * calls and of the {@link dev.guildhall.SessionListener}'s, one at a time for a session. It is not run if the session has
     * ended by then; what it throws ends the session's command, not the session.
     *
     * @param command what to run
     * @return {@link Outcome#ENQUEUED}; {@link Outcome#RATE_LIMITED} if the client sends too many a second;
     *     {@link Outcome#BACK_PRESSURED} if too many wait, and then the session ends with
     *     {@link CloseReason.Kind#COMMAND_OVERFLOW}; {@link Outcome#CLOSED} if it has ended or the link is gone
     */
    Outcome command(Runnable command);

    /**
     * The link is gone, and its client may come back: the session waits for it, or ends if it cannot be resumed.
     * {@link Connection#close} is not called any more.
     *
     * @param reason why
     */
    void lost(CloseReason reason);

    /**
     * The link is gone and its client will not come back: the session ends. {@link Connection#close} is not called any more, and
     * events that were not written count as dropped.
     *
     * @param reason why
     */
    void closed(CloseReason reason);
}
