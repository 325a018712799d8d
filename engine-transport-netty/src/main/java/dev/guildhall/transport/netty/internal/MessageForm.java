package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;

/**
 * How messages look to one client. What a client has agreed to with its upgrade request stays so until its connection ends. On the
 * channel's event loop only.
 *
 * <p>Compression belongs here and not into the pipeline, where an encoder would see whole batches, and keep them off the way past
 * the channel ({@link SocketOutbox}).
 */
sealed interface MessageForm permits PlainForm, SharedForm, ContextForm, EventStreamForm {

    /** How messages are written, in both directions. */
    MessageEncoding encoding();

    /** Adds a dispatch. */
    void dispatch(Outbox outbox, Event event, long seq);

    /**
     * A message outside the sequence, as a frame that must be sent before anything else is asked for. The first message of a connection
     * is one.
     */
    byte[] control(byte[] json);

    /** The connection is over, or has never begun; a second call does nothing. */
    void release();
}
