package dev.guildhall.transport.netty.internal;

import java.nio.ByteBuffer;

/**
 * One event as a whole WebSocket frame, shared by every connection. Only the sequence number differs between receivers; it
 * stands first, in a field of fixed width, so that it can be put in place after the bytes were copied.
 */
final class DispatchFrame implements OutboundFrame {
    /** Digits of the field in JSON; also the most events a session can be sent: 9,999,999,999. */
    static final int SEQ_WIDTH = 10;

    static final long MAX_SEQ = 9_999_999_999L;

    private final MessageEncoding encoding;
    private final byte[] bytes;
    private final int seqAt;

    /**
     * @param encoding how the sequence number is written
     * @param bytes the frame, with something to be replaced where the sequence number goes
     * @param seqAt where that is
     */
    DispatchFrame(MessageEncoding encoding, byte[] bytes, int seqAt) {
        this.encoding = encoding;
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
    int messageAt() {
        return seqAt - encoding.seqAt();
    }

    /** Length of the message in a frame that is not compressed. */
    int messageLength() {
        return bytes.length - messageAt();
    }

    @Override
    public void appendTo(ByteBuffer batch, long seq) {
        if (seq < 1 || seq > MAX_SEQ) {
            throw new IllegalArgumentException("seq must be between 1 and " + MAX_SEQ + ", was " + seq);
        }
        int at = batch.position() + seqAt;
        batch.put(bytes);
        encoding.putSeq(batch, at, seq);
    }
}
