package dev.guildhall.transport.netty.internal;

import java.nio.ByteBuffer;

/** A dispatch as a whole WebSocket frame. */
sealed interface OutboundFrame permits DispatchFrame, FrameBuffer {

    int length();

    /** Puts the frame with a sequence number. */
    void appendTo(ByteBuffer batch, long seq);
}
