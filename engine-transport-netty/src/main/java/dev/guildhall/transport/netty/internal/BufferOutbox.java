package dev.guildhall.transport.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Gathers in a buffer of the channel's, which the channel then owns: for io_uring, NIO and TLS. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write by closing the channel
final class BufferOutbox implements Outbox {
    private static final int SMALLEST_BATCH = 512;

    private final Channel channel;
    private @Nullable ByteBuf batch;
    private int lastBatchBytes = SMALLEST_BATCH;

    BufferOutbox(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void prepare(int mostBytes) {
        // nothing is written before a frame is in its place
    }

    @Override
    public void append(OutboundFrame frame, long seq) {
        ByteBuf open = batch;
        if (open == null) {
            open = channel.alloc().ioBuffer(Math.max(frame.length(), lastBatchBytes));
            batch = open;
        }
        int length = frame.length();
        open.ensureWritable(length);
        frame.appendTo(open.internalNioBuffer(open.writerIndex(), length), seq);
        open.writerIndex(open.writerIndex() + length);
        if (open.readableBytes() >= FULL_BATCH_BYTES) {
            flush();
        }
    }

    @Override
    public void flush() {
        ByteBuf full = batch;
        if (full == null) {
            return;
        }
        batch = null;
        lastBatchBytes = Math.clamp(full.readableBytes(), SMALLEST_BATCH, FULL_BATCH_BYTES);
        channel.writeAndFlush(full, channel.voidPromise());
    }

    @Override
    public void release() {
        ByteBuf open = batch;
        if (open != null) {
            batch = null;
            open.release();
        }
    }

    @Override
    public String toString() {
        ByteBuf open = batch;
        return "BufferOutbox[" + (open == null ? 0 : open.readableBytes()) + " bytes]";
    }
}
