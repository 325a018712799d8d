package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;
import dev.guildhall.spi.Encoding;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes compressed dispatches that are the same for all their receivers but for the sequence number, as {@link DispatchEncoding} does.
 *
 * <p>Blocks of raw deflate can be put one after the other. The message's beginning with the sequence number is a stored block, where the
 * number can be put in place without a look at the rest; the rest is deflated by a deflater that knows of nothing before it. So every message
 * of a connection must be made here: one that refers to earlier ones has counted them without the stored blocks.
 *
 * <p>One instance for each kind of client of a gateway. Any event loop.
 */
final class SharedEncoding implements Encoding<SharedEncoding.Compressed> {
    private final DeflateWire wire;
    private final DispatchEncoding plain;
    private final int threshold;
    private final Supplier<Workspace> workspaces;

    /**
     * @param threshold messages below it are not deflated
     * @param workspaces answers the calling thread's own
     */
    SharedEncoding(DeflateWire wire, DispatchEncoding plain, int threshold, Supplier<Workspace> workspaces) {
        this.wire = wire;
        this.plain = plain;
        this.threshold = threshold;
        this.workspaces = workspaces;
    }

    MessageEncoding encoding() {
        return plain.encoding();
    }

    @Override
    public Compressed encode(Event event) {
        return new Compressed(event);
    }

    /**
     * An event to be compressed by the first event loop that needs it. Those that need it at the same time wait, which is no longer than it
     * would take them to do the same once more.
     */
    final class Compressed {
        private volatile @Nullable DispatchFrame frame;

        /** Until it is compressed; guarded by this. */
        private @Nullable Event event;

        private Compressed(Event event) {
            this.event = event;
        }

        DispatchFrame frame() {
            DispatchFrame present = frame;
            return present != null ? present : compress();
        }

        private synchronized DispatchFrame compress() {
            DispatchFrame made = frame;
            Event from = event;
            if (made == null && from != null) {
                made = deflated(plain.encode(from));
                frame = made;
                event = null;
            }
            if (made == null) {
                throw new IllegalStateException("neither an event nor its frame");
            }
            return made;
        }
    }

    private DispatchFrame deflated(DispatchFrame message) {
        int length = message.messageLength();
        if (length < threshold && !wire.isStream()) {
            return message;
        }
        byte[] bytes = message.bytes();
        int at = message.messageAt();
        MessageEncoding encoding = plain.encoding();
        int sharedFrom = encoding.seqAt() + encoding.seqWidth();
        Workspace workspace = workspaces.get();
        FrameBuffer frame = workspace.frame;
        frame.begin();
        if (length < threshold) {
            DeflateBlocks.store(bytes, at, length, frame);
            DeflateBlocks.flush(frame);
        } else {
            int rest = length - sharedFrom;
            DeflateBlocks.store(bytes, at, sharedFrom, frame);
            workspace.deflater.reset();
            workspace.deflater.setInput(bytes, at + sharedFrom, rest);
            DeflateBlocks.deflate(workspace.deflater, rest, frame);
        }
        wire.finish(frame, encoding.firstByte());
        if (!wire.isStream() && frame.length() >= message.length()) {
            return message;
        }
        byte[] made = frame.toArray();
        int seqAt = frame.headerLength() + DeflateBlocks.STORED_HEADER + encoding.seqAt();
        return new DispatchFrame(encoding, made, seqAt);
    }

    /**
     * A message outside the sequence, which is short.
     *
     * @param first whether it is the connection's first one
     */
    byte[] control(byte[] json, boolean first) {
        MessageEncoding encoding = plain.encoding();
        byte[] message = encoding.control(json);
        if (!wire.isStream()) {
            return ServerFrame.of(encoding.firstByte(), message);
        }
        FrameBuffer frame = workspaces.get().frame;
        frame.begin();
        if (first) {
            frame.room(DeflateWire.ZLIB_HEADER.length).put(DeflateWire.ZLIB_HEADER);
        }
        DeflateBlocks.store(message, 0, message.length, frame);
        DeflateBlocks.flush(frame);
        wire.finish(frame, encoding.firstByte());
        return frame.toArray();
    }

    @Override
    public String toString() {
        return wire.toString();
    }
}
