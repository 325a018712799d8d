package dev.guildhall.transport.netty.internal;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * Keeps the end of what the connection was sent and tells it to the event loop's deflater before each message: little memory, on the heap,
 * for more processor time than a deflater of the connection's own takes.
 */
final class DeflateWindow implements MessageCompressor {
    private static final byte[] EMPTY = {};

    private final Deflater deflater;
    private final int limit;
    private byte[] window = EMPTY;
    private int filled;

    /**
     * @param workspace the event loop's
     * @param bits two to this power are kept
     */
    DeflateWindow(Workspace workspace, int bits) {
        this.deflater = workspace.deflater;
        this.limit = 1 << bits;
    }

    @Override
    public void compress(ByteBuffer message, FrameBuffer out) {
        int length = message.remaining();
        int at = message.arrayOffset() + message.position();
        deflater.reset();
        if (filled > 0) {
            deflater.setDictionary(window, 0, filled);
        }
        deflater.setInput(message);
        DeflateBlocks.deflate(deflater, length, out);
        keep(message.array(), at, length);
    }

    private void keep(byte[] message, int at, int length) {
        int added = Math.min(length, limit);
        int kept = Math.min(filled, limit - added);
        byte[] next = kept + added > window.length ? new byte[Math.min(limit, 2 * (kept + added))] : window;
        System.arraycopy(window, filled - kept, next, 0, kept);
        System.arraycopy(message, at + length - added, next, kept, added);
        window = next;
        filled = kept + added;
    }

    @Override
    public void release() {
        window = EMPTY;
        filled = 0;
    }

    @Override
    public String toString() {
        return "deflate of " + limit + " bytes";
    }
}
