package dev.guildhall.transport.netty.internal;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Gathers the dispatches of one connection and hands them over together: whole frames, in order, one write for all of them. On
 * the channel's event loop only.
 */
sealed interface Outbox permits BufferOutbox, SocketOutbox {
    /** A batch of this size goes at once, so that a session with much to write needs no second turn. */
    int FULL_BATCH_BYTES = 64 * 1024;

    /** What suits the channel as its pipeline is now: no handler may have to change bytes that go past it. */
    static Outbox of(Channel channel) {
        return channel instanceof EpollSocketChannel socket
                        && channel.pipeline().get(SslHandler.class) == null
                ? new SocketOutbox(socket)
                : new BufferOutbox(channel);
    }

    /** Adds a frame; a full batch goes. */
    void append(DispatchFrame frame, long seq);

    /** Hands over what was added, if anything was. */
    void flush();

    /** The link is gone, and with it what was not handed over. */
    void release();
}
