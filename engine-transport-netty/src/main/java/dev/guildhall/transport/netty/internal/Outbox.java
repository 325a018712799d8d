package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayStats.WritePath;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Map;

/**
 * Gathers the dispatches of one connection and hands them over together: whole frames, in order, one write for all of them. On
 * the channel's event loop only.
 */
sealed interface Outbox permits BufferOutbox, SocketOutbox {
    /** A batch of this size goes at once, so that a session with much to write needs no second turn. */
    int FULL_BATCH_BYTES = 64 * 1024;

    /** The channel can take more when it has written all it had, and no more than some control messages before. */
    WriteBufferWaterMark NEXT_TO_NOTHING = new WriteBufferWaterMark(1, 4 * 1024);

    /** Netty's default, but one for all connections. */
    RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(16);

    /** An io_uring connection that is idle has a buffer waiting, and clients say little at a time. */
    RecvByteBufAllocator WAITING_READS = new FixedRecvByteBufAllocator(1024).maxMessagesPerRead(16);

    WriteBufferWaterMark BATCHES = new WriteBufferWaterMark(16 * 1024, 32 * 1024);

    /** What suits the channel as its pipeline is now: what goes past it must be nothing to any of its handlers, TLS above all. */
    static Outbox of(Channel channel) {
        boolean isPlain = isPlain(channel.pipeline());
        return isPlain && channel instanceof EpollSocketChannel socket
                ? new SocketOutbox(socket)
                : new BufferOutbox(channel, isPlain);
    }

    /**
     * Bounds what waits in a channel, beyond one batch, before its session waits instead, whose ring holds an event for four bytes where the
     * channel has some 200 for its buffer. What the socket takes at once never waits; with io_uring it does until the kernel has said so.
     * Reads of a mounted channel, which has read its request before, stay as large as its application has made them.
     */
    static void boundBuffersOf(Channel channel) {
        boolean isIoUring = channel instanceof IoUringSocketChannel;
        channel.config().setRecvByteBufAllocator(isIoUring ? WAITING_READS : READS);
        channel.config().setWriteBufferWaterMark(isIoUring ? BATCHES : NEXT_TO_NOTHING);
    }

    /** Which way {@link #of} takes. */
    static WritePath pathOf(Channel channel) {
        return channel instanceof EpollSocketChannel && isPlain(channel.pipeline())
                ? WritePath.SOCKET
                : WritePath.CHANNEL;
    }

    /** Whether bytes may go past the pipeline. */
    static boolean isPlain(ChannelPipeline pipeline) {
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (entry.getValue() instanceof ChannelOutboundHandler) {
                return false;
            }
        }
        return true;
    }

    /**
     * Sees to it that a frame up to a length is added before anything else is written. A frame that depends on those before it is
     * made after this call: what is written now may let a channel take more, and others of the event loop write.
     */
    void prepare(int mostBytes);

    /** Adds a frame; a full batch goes. */
    void append(OutboundFrame frame, long seq);

    /** Hands over what was added, if anything was. */
    void flush();

    /** What that costs after it has returned, in nanoseconds. */
    long flushNanosLater();

    /** The link is gone, and with it what was not handed over. */
    void release();
}
