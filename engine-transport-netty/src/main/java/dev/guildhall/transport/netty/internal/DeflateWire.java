package dev.guildhall.transport.netty.internal;

/** What a client that inflates expects. */
enum DeflateWire {
    /** RFC 7692: a frame with RSV1, whose deflated payload lacks the end of its flush; a message may also go as it is. */
    PER_MESSAGE_DEFLATE,

    /** All messages are one zlib stream (RFC 1950), in binary frames, each down to the end of its flush. The stream never ends, so it has no checksum. */
    ZLIB_STREAM;

    /** What a zlib stream begins with: deflate, a window of 32 KiB, the fastest level. */
    static final byte[] ZLIB_HEADER = {0x78, 0x01};

    boolean isStream() {
        return this == ZLIB_STREAM;
    }

    /**
     * Makes a frame of a payload that was deflated and flushed.
     *
     * @param firstByte of the same message when it is not compressed
     */
    void finish(FrameBuffer frame, int firstByte) {
        if (this == ZLIB_STREAM) {
            frame.finish(ServerFrame.BINARY);
        } else {
            frame.dropLast(DeflateBlocks.FLUSH_MARK);
            frame.finish(firstByte | ServerFrame.DEFLATED);
        }
    }
}
