package dev.guildhall.transport.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the whole messages of a client with permessage-deflate, as far as their bound. No message refers to an earlier one, so one inflater
 * serves all connections of an event loop.
 */
final class MessageInflater {
    /**
     * The end of the flush that the client has left out, and an empty last block, which ends the stream if, and only if, it begins where a
     * block may begin.
     */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF, 1, 0, 0, (byte) 0xFF, (byte) 0xFF};

    private static final int SMALLEST = 256;

    private static final FastThreadLocal<Inflater> INFLATER = new FastThreadLocal<>() {
        @Override
        protected Inflater initialValue() {
            return new Inflater(true);
        }

        @Override
        protected void onRemoval(Inflater inflater) {
            inflater.end();
        }
    };

    private MessageInflater() {}

    /**
     * What was compressed, or null if it is more than the bound.
     *
     * @throws DataFormatException if it cannot be inflated
     */
    static @Nullable ByteBuf inflate(ByteBufAllocator allocator, ByteBuf compressed, int mostBytes)
            throws DataFormatException {
        ByteBuf text = allocator.buffer(SMALLEST, mostBytes + 1);
        boolean isKept = false;
        try {
            inflate(compressed, text);
            isKept = text.readableBytes() <= mostBytes;
        } finally {
            if (!isKept) {
                text.release();
            }
        }
        return isKept ? text : null;
    }

    /** Stops one byte above the bound. */
    private static void inflate(ByteBuf compressed, ByteBuf text) throws DataFormatException {
        int length = compressed.readableBytes();
        byte[] input = new byte[length + TAIL.length];
        compressed.getBytes(compressed.readerIndex(), input, 0, length);
        System.arraycopy(TAIL, 0, input, length, TAIL.length);
        Inflater inflater = INFLATER.get();
        inflater.reset();
        inflater.setInput(input);
        while (text.writableBytes() > 0 || text.writerIndex() < text.maxCapacity()) {
            text.ensureWritable(1);
            int count = inflater.inflate(text.internalNioBuffer(text.writerIndex(), text.writableBytes()));
            text.writerIndex(text.writerIndex() + count);
            if (inflater.finished()) {
                int left = inflater.getRemaining();
                if (left == 0 || left == TAIL.length) {
                    return;
                }
                if (left < TAIL.length) {
                    throw new DataFormatException("the stream ends within its end");
                }
                inflater.reset(); // the client has ended its stream, as it may, and begun another
                inflater.setInput(input, input.length - left, left);
            } else if (count == 0) {
                throw new DataFormatException("the stream ends within a block");
            }
        }
    }
}
