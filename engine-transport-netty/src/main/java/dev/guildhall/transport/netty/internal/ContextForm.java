package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Compressed for one connection, by what it was sent before. */
final class ContextForm implements MessageForm {
    private final DispatchEncoding plain;
    private final @Nullable DeflateWire wire;
    private final MessageCompressor compressor;
    private final Workspace workspace;
    private final int threshold;
    private final Runnable onRelease;
    private boolean started;
    private boolean released;

    /**
     * @param wire null for zstd, one frame of which goes through all messages
     * @param workspace the event loop's
     * @param threshold messages below it are not compressed, if the client can tell
     * @param onRelease told once
     */
    ContextForm(
            DispatchEncoding plain,
            @Nullable DeflateWire wire,
            MessageCompressor compressor,
            Workspace workspace,
            int threshold,
            Runnable onRelease) {
        this.plain = plain;
        this.wire = wire;
        this.compressor = compressor;
        this.workspace = workspace;
        this.threshold = wire == DeflateWire.PER_MESSAGE_DEFLATE ? threshold : 0;
        this.onRelease = onRelease;
    }

    @Override
    public MessageEncoding encoding() {
        return plain.encoding();
    }

    @Override
    public void dispatch(Outbox outbox, Event event, long seq) {
        DispatchFrame message = event.encoded(plain);
        if (message.messageLength() < threshold) {
            outbox.append(message, seq);
        } else {
            outbox.prepare(mostBytes(message.length()));
            outbox.append(compressed(workspace.message(message, seq)), seq);
        }
    }

    /** What cannot be compressed grows by a few bytes for each of its blocks. */
    private static int mostBytes(int length) {
        return length + length / 256 + 64;
    }

    @Override
    public byte[] control(byte[] json) {
        byte[] message = encoding().control(json);
        return message.length < threshold
                ? ServerFrame.of(encoding().firstByte(), message)
                : compressed(ByteBuffer.wrap(message)).toArray();
    }

    private FrameBuffer compressed(ByteBuffer message) {
        if (released) {
            throw new IllegalStateException("the connection is over");
        }
        FrameBuffer frame = workspace.frame;
        frame.begin();
        if (!started && wire == DeflateWire.ZLIB_STREAM) {
            frame.room(DeflateWire.ZLIB_HEADER.length).put(DeflateWire.ZLIB_HEADER);
        }
        started = true;
        compressor.compress(message, frame);
        if (wire == null) {
            frame.finish(ServerFrame.BINARY);
        } else {
            wire.finish(frame, encoding().firstByte());
        }
        return frame;
    }

    @Override
    public void release() {
        if (!released) {
            released = true;
            compressor.release();
            onRelease.run();
        }
    }

    @Override
    public String toString() {
        return compressor + ", per connection";
    }
}
