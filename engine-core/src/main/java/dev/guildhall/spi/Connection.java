package dev.guildhall.spi;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;

/**
 * One live link to a client. The engine calls every method on the session's lane, one at a time; none may block or throw.
 * An exception ends the link with {@link CloseReason.Kind#CONNECTION_LOST}.
 */
public interface Connection {

    /**
     * Whether another event can be taken. Once this answers false, the transport calls {@link Attachment#writable()} when it
     * would answer true again; until then the session's events wait in its ring. It must not be false for a reason that
     * {@link #flush()} cures: a session that ends writes once more as long as this is true, and drops the rest.
     *
     * @return false to stop the writing
     */
    boolean isWritable();

    /**
     * Takes one event. It need not reach the client before {@link #flush()}.
     *
     * @param event shared with other connections; must not be changed
     * @param seq the session's sequence number of this event: 1 for the first, then one more each; after a resume it goes on
     *     from the number that the client named
     */
    void write(Event event, long seq);

    /** Ends a batch of writes: what was taken shall now reach the client. */
    void flush();

    /**
     * About what a flush costs its thread after it has returned, such as a system call that is made for many connections at once later.
     * While there is more to deliver, sessions wait for more events the more a flush costs, of which the engine measures only what it takes.
     *
     * @return nanoseconds; 0 if all is done when it returns, which is the default
     */
    default long flushNanosLater() {
        return 0;
    }

    /**
     * Ends the link, after what was flushed has been sent as far as that is possible. Nothing is called afterwards.
     *
     * @param reason why
     * @param resumable whether the session waits for its client, which should connect again and resume; false if it has ended, or
     *     if another connection has taken this one's place
     */
    void close(CloseReason reason, boolean resumable);
}
