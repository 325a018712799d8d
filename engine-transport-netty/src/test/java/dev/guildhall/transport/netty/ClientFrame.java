package dev.guildhall.transport.netty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** WebSocket frames as a client sends them, right or wrong (RFC 6455, section 5.2). */
public final class ClientFrame {
    public static final int FINAL = 0x80;
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int MASKED = 0x80;

    private ClientFrame() {}

    /** A frame with a mask of zero, so that its payload stays readable. */
    public static byte[] of(int firstByte, byte[] payload) {
        return of(firstByte, payload, 0);
    }

    /** A frame whose length is told truly and as short as can be. */
    public static byte[] of(int firstByte, byte[] payload, int mask) {
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= (byte) (mask >>> (24 - 8 * (i % 4)));
        }
        return concat(head(firstByte, payload.length, mask), masked);
    }

    public static byte[] text(String text) {
        return of(FINAL | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A close frame with a code and a reason. */
    public static byte[] close(int code, byte[] reason) {
        return of(
                FINAL | CLOSE,
                ByteBuffer.allocate(2 + reason.length)
                        .putShort((short) code)
                        .put(reason)
                        .array());
    }

    /** What stands before a payload of this length. */
    public static byte[] head(int firstByte, long length, int mask) {
        ByteBuffer head = ByteBuffer.allocate(14).put((byte) firstByte);
        if (length < 126) {
            head.put((byte) (MASKED | length));
        } else if (length <= 0xFFFF) {
            head.put((byte) (MASKED | 126)).putShort((short) length);
        } else {
            head.put((byte) (MASKED | 127)).putLong(length);
        }
        head.putInt(mask);
        byte[] bytes = new byte[head.position()];
        head.flip().get(bytes);
        return bytes;
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
