package dev.guildhall.transport.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers in a buffer that all connections of an event loop share, and writes it to the socket past the channel: nothing is
 * allocated, queued or counted for a client that reads.
 *
 * <p><b>Order.</b> The socket is written to only while the channel's outbound buffer is empty, so nothing that was handed to the channel
 * before can be overtaken. What the socket does not take goes to the channel, and so does everything after it until the channel
 * has written all it has. A socket that fails is left to the channel too, which closes it.
 *
 * <p><b>Shared buffer.</b> A session's turn writes and then flushes. Should somebody else begin to write before that, what is there is
 * flushed for its owner first.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write by closing the channel
final class SocketOutbox implements Outbox {
    private static final FastThreadLocal<Scratch> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
            return new Scratch();
        }
    };

    private static final class Scratch {
        /** A batch that is not full yet, and a frame of some size. */
        final ByteBuffer bytes = ByteBuffer.allocateDirect(2 * FULL_BATCH_BYTES);

        final long address = Buffer.memoryAddress(bytes);

        @Nullable
        SocketOutbox owner;
    }

    private final EpollSocketChannel channel;
    private final Scratch scratch = SCRATCH.get();

    /** On the channel's event loop. */
    SocketOutbox(EpollSocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public void prepare(int mostBytes) {
        takeScratch();
        if (mostBytes > scratch.bytes.remaining()) {
            flush();
            takeScratch();
        }
    }

    private void takeScratch() {
        SocketOutbox owner = scratch.owner;
        if (owner == this) {
            return;
        }
        if (owner != null) {
            owner.flush();
        }
        scratch.owner = this;
    }

    @Override
    public void append(OutboundFrame frame, long seq) {
        takeScratch();
        ByteBuffer bytes = scratch.bytes;
        if (frame.length() > bytes.remaining()) {
            appendLarge(frame, seq);
            return;
        }
        frame.appendTo(bytes, seq);
        if (bytes.position() >= FULL_BATCH_BYTES) {
            flush();
        }
    }

    /** For the channel, behind what is here. */
    private void appendLarge(OutboundFrame frame, long seq) {
        flush();
        ByteBuffer large = ByteBuffer.allocate(frame.length());
        frame.appendTo(large, seq);
        handOver(large.flip());
    }

    @Override
    public void flush() {
        if (scratch.owner != this) {
            return;
        }
        scratch.owner = null;
        ByteBuffer bytes = scratch.bytes;
        if (bytes.position() == 0) {
            return;
        }
        bytes.flip();
        bytes.position(writeToSocket(bytes));
        if (bytes.hasRemaining()) {
            handOver(bytes);
        }
        bytes.clear();
    }

    /** Answers how many bytes the socket took. */
    private int writeToSocket(ByteBuffer bytes) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting == null || !waiting.isEmpty()) {
            return 0;
        }
        try {
            // As send(2), which for a socket has less to look at than write(2).
            return ((Socket) channel.fd()).sendAddress(scratch.address, 0, bytes.limit());
        } catch (IOException e) {
            return 0; // the channel will meet the same failure, and close
        }
    }

    @Override
    public long flushNanosLater() {
        return 0;
    }

    private void handOver(ByteBuffer rest) {
        ByteBuf copy = channel.alloc().ioBuffer(rest.remaining()).writeBytes(rest);
        channel.writeAndFlush(copy, channel.voidPromise());
    }

    @Override
    public void release() {
        if (scratch.owner == this) {
            scratch.owner = null;
            scratch.bytes.clear();
        }
    }

    @Override
    public String toString() {
        return "SocketOutbox[" + (scratch.owner == this ? scratch.bytes.position() : 0) + " bytes]";
    }
}
