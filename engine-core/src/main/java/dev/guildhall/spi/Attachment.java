package dev.guildhall.spi;

import dev.guildhall.CloseReason;
import dev.guildhall.Session;

/** The engine's end of a live link: what the transport tells the session. Callable from any thread, never blocks. */
public interface Attachment {

    /**
     * The session.
     *
     * @return the session this connection is attached to
     */
    Session session();

    /** The connection can take events again. Calling it without need is harmless. */
    void writable();

    /**
     * The link is gone. Its session ends; {@link Connection#close} is not called any more, and events that were not written
     * count as dropped. Calling it again is harmless.
     *
     * @param reason why
     */
    void closed(CloseReason reason);
}
