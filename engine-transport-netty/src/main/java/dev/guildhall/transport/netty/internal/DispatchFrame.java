package dev.guildhall.transport.netty.internal;

import java.nio.ByteBuffer;

/**
 * One event as a whole WebSocket frame, shared by every connection. Only the sequence number differs between receivers; it
 * stands first, in a field of fixed width, so that it can be put in place after the bytes were copied.
 */
final class DispatchFrame implements OutboundFrame {
    /** Digits of the field; also the most events a session can be sent: 9,999,999,999. */
    static final int SEQ_WIDTH = 10;

    static final long MAX_SEQ = 9_999_999_999L;

    private final byte[] bytes;
    private final int seqAt;

    /**
     * @param bytes the frame, with spaces where the sequence number goes
     * @param seqAt where that is
     */
    DispatchFrame(byte[] bytes, int seqAt) {
        this.bytes = bytes;
        this.seqAt = seqAt;
    }

    @Override
    public int length() {
        return bytes.length;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where the message begins in a frame that is not compressed. */
    int jsonAt() {
        return seqAt - DispatchEncoding.BEFORE_SEQ.length;
    }

    /** Length of the message in a frame that is not compressed. */
    int jsonLength() {
        return bytes.length - jsonAt();
    }

    /** Puts the frame with a sequence number, right-aligned: JSON allows spaces before a number, but no zeros. */
    @Override
    public void appendTo(ByteBuffer batch, long seq) {
        if (seq < 1 || seq > MAX_SEQ) {
            throw new IllegalArgumentException("seq must be between 1 and " + MAX_SEQ + ", was " + seq);
        }
        int at = batch.position() + seqAt + SEQ_WIDTH - 1;
        batch.put(bytes);
        long rest = seq;
        do {
            batch.put(at--, (byte) ('0' + rest % 10));
            rest /= 10;
        } while (rest != 0);
    }
}
