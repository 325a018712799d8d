package dev.guildhall.transport.netty.internal;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** What the compression of one message needs for that time only: one per event loop, whose thread it belongs to. */
final class Workspace {
    private static final int SMALLEST = 4 * 1024;
    private static final int LARGEST_KEPT = 256 * 1024;

    /** Reset before each message. */
    final Deflater deflater;

    final FrameBuffer frame = new FrameBuffer();
    private ByteBuffer message = ByteBuffer.allocate(SMALLEST);

    Workspace(int level) {
        deflater = new Deflater(level, true);
    }

    /** A dispatch without a frame's header, its sequence number in place; until the next one. */
    ByteBuffer message(DispatchFrame plain, long seq) {
        int length = plain.length();
        if (length > message.capacity() || message.capacity() > LARGEST_KEPT) {
            message = ByteBuffer.allocate(Math.max(SMALLEST, length));
        }
        message.clear();
        plain.appendTo(message, seq);
        return message.flip().position(plain.messageAt());
    }

    void close() {
        deflater.end();
    }
}
