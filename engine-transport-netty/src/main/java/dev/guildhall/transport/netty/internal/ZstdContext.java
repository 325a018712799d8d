package dev.guildhall.transport.netty.internal;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A zstd frame through all messages of the connection; memory outside the heap from its first message on. */
final class ZstdContext implements MessageCompressor {
    private static final int ROOM = 128;

    private final int level;
    private final int windowBits;
    private @Nullable ZstdCompressCtx context;

    ZstdContext(int level, int windowBits) {
        this.level = level;
        this.windowBits = windowBits;
    }

    /**
     * Tries the library.
     *
     * @throws LinkageError if it is not there, or its native half does not load
     */
    static void requireLibrary() {
        new ZstdCompressCtx().close();
    }

    @Override
    public void compress(ByteBuffer message, FrameBuffer out) {
        ZstdCompressCtx present = context;
        if (present == null) {
            present = new ZstdCompressCtx();
            context = present;
            present.setLevel(level)
                    .setWindowLog(windowBits)
                    .setContentSize(false)
                    .setChecksum(false);
        }
        int room = message.remaining() / 2 + ROOM;
        while (!present.compressByteBufferStream(out.room(room), message, EndDirective.FLUSH)) {
            room = message.remaining() + ROOM;
        }
    }

    @Override
    public void release() {
        ZstdCompressCtx present = context;
        if (present != null) {
            present.close();
        }
    }

    @Override
    public String toString() {
        return "zstd";
    }
}
