package dev.guildhall.transport.netty.internal;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** Blocks of a raw deflate stream (RFC 1951), which can be put one after the other if none refers to what is before it. */
final class DeflateBlocks {
    /** Bytes of an empty stored block, with which a flush ends, that are the same wherever its first bits are: 00 00 FF FF. */
    static final int FLUSH_MARK = 4;

    /** Bytes of a stored block's header. */
    static final int STORED_HEADER = 5;

    private static final int MOST_STORED = 0xFFFF;

    private DeflateBlocks() {}

    /**
     * Puts a block that is not compressed. What is before it ends with a whole byte.
     *
     * @param length up to 65,535
     */
    static void store(byte[] from, int at, int length, FrameBuffer out) {
        if (length > MOST_STORED) {
            throw new IllegalArgumentException("length must be at most " + MOST_STORED + ", was " + length);
        }
        ByteBuffer room = out.room(STORED_HEADER + length);
        putStoredHeader(room, length);
        room.put(from, at, length);
    }

    /** Puts the end of a flush. */
    static void flush(FrameBuffer out) {
        putStoredHeader(out.room(STORED_HEADER), 0);
    }

    private static void putStoredHeader(ByteBuffer room, int length) {
        room.put((byte) 0)
                .put((byte) length)
                .put((byte) (length >>> 8))
                .put((byte) ~length)
                .put((byte) (~length >>> 8));
    }

    /** Puts what the deflater makes of its input, down to the end of the flush. */
    static void deflate(Deflater deflater, int inputLength, FrameBuffer out) {
        ByteBuffer room = out.room(inputLength / 2 + 64);
        deflater.deflate(room, Deflater.SYNC_FLUSH);
        while (!room.hasRemaining()) {
            room = out.room(inputLength / 2 + 64);
            deflater.deflate(room, Deflater.SYNC_FLUSH);
        }
    }
}
