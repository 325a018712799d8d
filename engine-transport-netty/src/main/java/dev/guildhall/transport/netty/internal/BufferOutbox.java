package dev.guildhall.transport.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.uring.IoUringSocketChannel;
import org.jspecify.annotations.Nullable;

/** Gathers in a buffer of the channel's, which the channel then owns: for io_uring, NIO and TLS. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write by closing the channel
final class BufferOutbox implements Outbox {
    private static final int SMALLEST_BATCH = 512;

    /** Of the system call that a ring saves for later: the kernel's work for one send, which it does when all are submitted. */
    private static final long SEND_NANOS = 3_000;

    private final Channel channel;
    private final boolean isPlain;
    private final long flushNanosLater;
    private @Nullable ByteBuf batch;
    private int lastBatchBytes = SMALLEST_BATCH;

    /**
     * @param isPlain whether the pipeline does nothing to bytes, so that they need not go through it
     */
    BufferOutbox(Channel channel, boolean isPlain) {
        this.channel = channel;
        this.isPlain = isPlain;
        this.flushNanosLater = channel instanceof IoUringSocketChannel ? SEND_NANOS : 0;
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
        if (isPlain) {
            channel.unsafe().write(full, channel.voidPromise());
            channel.unsafe().flush();
        } else {
            channel.writeAndFlush(full, channel.voidPromise());
        }
    }

    @Override
    public long flushNanosLater() {
        return flushNanosLater;
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
