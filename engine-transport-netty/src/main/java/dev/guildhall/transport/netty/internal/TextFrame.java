package dev.guildhall.transport.netty.internal;

import java.nio.charset.StandardCharsets;

/** Whole WebSocket text frames as a server sends them: one fragment, no mask (RFC 6455, section 5.2). */
final class TextFrame {
    private static final byte FINAL_TEXT = (byte) 0x81;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private TextFrame() {}

    /** A frame with the text. */
    static byte[] of(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        int header = headerLength(payload.length);
        byte[] frame = new byte[header + payload.length];
        putHeader(frame, payload.length);
        System.arraycopy(payload, 0, frame, header, payload.length);
        return frame;
    }

    /** Bytes that stand before a payload of this length. */
    static int headerLength(int payloadLength) {
        if (payloadLength < LENGTH_16) {
            return 2;
        }
        return payloadLength <= 0xFFFF ? 4 : 10;
    }

    /** Writes the header at the start of a frame. */
    static void putHeader(byte[] frame, int payloadLength) {
        frame[0] = FINAL_TEXT;
        int header = headerLength(payloadLength);
        if (header == 2) {
            frame[1] = (byte) payloadLength;
            return;
        }
        frame[1] = (byte) (header == 4 ? LENGTH_16 : LENGTH_64);
        long rest = payloadLength;
        for (int i = header - 1; i > 1; i--) {
            frame[i] = (byte) rest;
            rest >>>= 8;
        }
    }
}
