package dev.guildhall.transport.netty.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A frame in the making, whose length is known when it is made. It grows as needed and is used again and again by one event loop. */
final class FrameBuffer implements OutboundFrame {
    private static final int SMALLEST = 4 * 1024;
    private static final int LARGEST_KEPT = 256 * 1024;

    private ByteBuffer bytes = ByteBuffer.allocate(SMALLEST);
    private int start;

    /** Forgets the frame before; what is put from now on is the payload. */
    void begin() {
        if (bytes.capacity() > LARGEST_KEPT) {
            bytes = ByteBuffer.allocate(SMALLEST);
        }
        bytes.clear().position(ServerFrame.LONGEST_HEADER);
    }

    /** Where the payload goes on; what is written there belongs to it. */
    ByteBuffer room(int least) {
        if (bytes.remaining() < least) {
            int needed = Math.addExact(bytes.position(), least);
            bytes = ByteBuffer.allocate(Math.max(needed, 2 * Math.min(bytes.capacity(), 1 << 29)))
                    .put(bytes.flip());
        }
        return bytes;
    }

    /** Takes the end of the payload away. */
    void dropLast(int count) {
        bytes.position(bytes.position() - count);
    }

    /** The payload is whole. */
    void finish(int firstByte) {
        int payload = bytes.position() - ServerFrame.LONGEST_HEADER;
        start = ServerFrame.LONGEST_HEADER - ServerFrame.headerLength(payload);
        ServerFrame.putHeader(bytes.array(), start, firstByte, payload);
    }

    int headerLength() {
        return ServerFrame.LONGEST_HEADER - start;
    }

    @Override
    public int length() {
        return bytes.position() - start;
    }

    /** Its sequence number is in it already. */
    @Override
    public void appendTo(ByteBuffer batch, long seq) {
        batch.put(bytes.array(), start, length());
    }

    byte[] toArray() {
        return Arrays.copyOfRange(bytes.array(), start, bytes.position());
    }
}
