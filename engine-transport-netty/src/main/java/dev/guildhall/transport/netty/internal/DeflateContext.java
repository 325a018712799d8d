package dev.guildhall.transport.netty.internal;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** A deflater of the connection's own: 256 KiB outside the heap, from its first message on. */
final class DeflateContext implements MessageCompressor {
    private final int level;
    private @Nullable Deflater deflater;

    DeflateContext(int level) {
        this.level = level;
    }

    @Override
    public void compress(ByteBuffer message, FrameBuffer out) {
        Deflater present = deflater;
        if (present == null) {
            present = new Deflater(level, true);
            deflater = present;
        }
        int length = message.remaining();
        present.setInput(message);
        DeflateBlocks.deflate(present, length, out);
    }

    @Override
    public void release() {
        Deflater present = deflater;
        if (present != null) {
            present.end();
        }
    }

    @Override
    public String toString() {
        return "deflate";
    }
}
