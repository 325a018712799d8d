package dev.guildhall.transport.netty.internal;

import java.nio.ByteBuffer;

/** Compresses the messages of one connection, each by those before it. */
sealed interface MessageCompressor permits DeflateContext, DeflateWindow, ZstdContext {

    /**
     * Puts a message, compressed and flushed.
     *
     * @param message an array's part, read to its end
     */
    void compress(ByteBuffer message, FrameBuffer out);

    /** Frees what is not the collector's to free. Called once, and nothing after it. */
    void release();
}
