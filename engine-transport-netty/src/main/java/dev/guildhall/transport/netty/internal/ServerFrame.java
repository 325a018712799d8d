package dev.guildhall.transport.netty.internal;

/** Whole WebSocket messages as a server sends them: one fragment, no mask (RFC 6455, section 5.2). */
final class ServerFrame {
    /** First byte of a text frame. */
    static final int TEXT = 0x81;

    /** First byte of a binary frame. */
    static final int BINARY = 0x82;

    /** First byte of a close frame. */
    static final int CLOSE = 0x88;

    /** First byte of a pong. */
    static final int PONG = 0x8A;

    /** Bit in the first byte of a frame that permessage-deflate has compressed: RSV1 (RFC 7692, section 6.1). */
    static final int DEFLATED = 0x40;

    static final int LONGEST_HEADER = 10;

    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private ServerFrame() {}

    /** A frame with the payload. */
    static byte[] of(int firstByte, byte[] payload) {
        int header = headerLength(payload.length);
        byte[] frame = new byte[header + payload.length];
        putHeader(frame, 0, firstByte, payload.length);
        System.arraycopy(payload, 0, frame, header, payload.length);
        return frame;
    }

    /** Bytes that stand before a payload of this length. */
    static int headerLength(int payloadLength) {
        if (payloadLength < LENGTH_16) {
            return 2;
        }
        return payloadLength <= 0xFFFF ? 4 : LONGEST_HEADER;
    }

    /** Writes the header of a payload, which begins at a place in the array. */
    static void putHeader(byte[] frame, int at, int firstByte, int payloadLength) {
        frame[at] = (byte) firstByte;
        int header = headerLength(payloadLength);
        if (header == 2) {
            frame[at + 1] = (byte) payloadLength;
            return;
        }
        frame[at + 1] = (byte) (header == 4 ? LENGTH_16 : LENGTH_64);
        long rest = payloadLength;
        for (int i = header - 1; i > 1; i--) {
            frame[at + i] = (byte) rest;
            rest >>>= 8;
        }
    }
}
