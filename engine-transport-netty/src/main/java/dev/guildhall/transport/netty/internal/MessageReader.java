package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.transport.netty.GatewayCloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole messages of what a client sends, and is the gateway's only handler of its connection once that is a WebSocket: each further one
 * would cost every connection its memory and every event a step.
 *
 * <p>Netty's decoder looks at single frames. Here they become messages: fragments are put together as far as the bounds, and what
 * permessage-deflate has compressed is inflated. Only a message's first frame may have RSV1, which that extension gives a meaning to,
 * and no frame any other reserved bit (RFC 7692, section 6).
 *
 * <p>Nothing is read before {@link #begin}. A client may not send anything before it has the answer to its upgrade request (RFC 6455, section
 * 4.1), but whether it did is a matter of luck otherwise, as the network cuts what it sends.
 *
 * <p>Channel's event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of closing
abstract class MessageReader extends WebSocket13FrameDecoder {
    /** RSV1, as Netty counts the three bits. */
    private static final int COMPRESSED = 4;

    /** That a client may send before it has the answer to its upgrade request. */
    private static final int MOST_EARLY_BYTES = 64 * 1024;

    private final MessageBounds bounds;
    private final boolean inflates;

    /** The fragments so far of a message; null between messages. */
    private @Nullable WebSocketFrame begun;

    private int frames;
    private boolean reads;

    /**
     * A reader for one connection.
     *
     * @param inflates whether the client may send compressed messages
     */
    MessageReader(MessageBounds bounds, boolean inflates) {
        super(bounds.frames(inflates));
        this.bounds = bounds;
        this.inflates = inflates;
    }

    /** A whole message, or a control frame; it is released afterwards. */
    abstract void received(ChannelHandlerContext ctx, WebSocketFrame message);

    /** Whether nothing counts any more that the client sends, but for a close frame. */
    abstract boolean isOver();

    /** Closes the client, which has broken a rule; from then on it {@link #isOver}. */
    abstract void fail(int code, CloseReason reason);

    /** Something went wrong that is not the client's fault, or the connection is lost. */
    abstract void broken(ChannelHandlerContext ctx, Throwable cause);

    /** Closes the client for its mistake; nothing that it sends counts any more. */
    final void fail(GatewayCloseCode code, String text) {
        fail(code.code(), CloseCodes.reasonOf(code, text));
    }

    /** Closes the client for a breach of RFC 6455, with the code that it has for this. */
    final void fail(WebSocketCloseStatus status, String text) {
        fail(status.code(), new CloseReason(CloseReason.Kind.PROTOCOL_ERROR, text));
    }

    /**
     * The client may be heard: what it has sent already is read, and whatever comes.
     *
     * @param ctx the reader's own
     */
    final void begin(ChannelHandlerContext ctx) {
        reads = true;
        feed(ctx, Unpooled.EMPTY_BUFFER);
    }

    /** Whether the client may be heard. */
    final boolean hasBegun() {
        return reads;
    }

    /** Takes bytes as if they came from the network. */
    final void feed(ChannelHandlerContext ctx, ByteBuf bytes) {
        try {
            channelRead(ctx, bytes);
        } catch (Throwable e) { // an Error ends this connection only, as one does that Netty's pipeline catches
            exceptionCaught(ctx, e);
        }
    }

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (!reads) {
            if (in.readableBytes() > MOST_EARLY_BYTES) {
                ctx.close();
            }
            return; // the rest of the bytes so far comes with the next
        }
        super.decode(ctx, in, out);
        if (!out.isEmpty()) {
            WebSocketFrame frame = (WebSocketFrame) out.removeFirst();
            try {
                read(ctx, frame);
            } finally {
                frame.release();
            }
        }
    }

    private void read(ChannelHandlerContext ctx, WebSocketFrame frame) {
        boolean isData = frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
        if (isOver() && !(frame instanceof CloseWebSocketFrame)) {
            dropBegun();
        } else if (frame.rsv() != 0 && !(isData && frame.rsv() == COMPRESSED)) {
            fail(WebSocketCloseStatus.PROTOCOL_ERROR, "a reserved bit without a meaning");
        } else if (isData && !frame.isFinalFragment()) {
            startMessage(ctx.alloc(), frame);
        } else if (frame instanceof ContinuationWebSocketFrame) {
            goOn(ctx, frame);
        } else {
            deliver(ctx, frame);
        }
    }

    private void startMessage(ByteBufAllocator allocator, WebSocketFrame first) {
        frames = 1;
        ByteBuf content = first.content();
        begun = first.replace(
                allocator.buffer(content.readableBytes(), bounds.maxBytes()).writeBytes(content));
    }

    /**
     * Frames are bounded, as messages are counted when they are whole: a client could otherwise send empty fragments of one that never
     * ends, without any limit.
     */
    private void goOn(ChannelHandlerContext ctx, WebSocketFrame fragment) {
        WebSocketFrame message = begun;
        if (message == null) {
            return; // of a message that was refused
        }
        frames++;
        if (frames > bounds.maxFrames()) {
            dropBegun();
            fail(GatewayCloseCode.DECODE_ERROR, "a message in more than " + bounds.maxFrames() + " frames");
        } else if (message.content().readableBytes() + fragment.content().readableBytes() > bounds.maxBytes()) {
            dropBegun();
            failTooLong();
        } else {
            message.content().writeBytes(fragment.content());
            if (fragment.isFinalFragment()) {
                begun = null;
                try {
                    deliver(ctx, message);
                } finally {
                    message.release();
                }
            }
        }
    }

    private void deliver(ChannelHandlerContext ctx, WebSocketFrame message) {
        if (message.rsv() == 0) {
            received(ctx, message);
            return;
        }
        ByteBuf inflated = inflated(ctx.alloc(), message.content());
        if (inflated != null) {
            WebSocketFrame plain = message instanceof TextWebSocketFrame
                    ? new TextWebSocketFrame(inflated)
                    : new BinaryWebSocketFrame(inflated);
            try {
                received(ctx, plain);
            } finally {
                plain.release();
            }
        }
    }

    /** Null after a failure. */
    private @Nullable ByteBuf inflated(ByteBufAllocator allocator, ByteBuf compressed) {
        try {
            ByteBuf inflated = MessageInflater.inflate(allocator, compressed, bounds.maxBytes());
            if (inflated == null) {
                failTooLong();
            }
            return inflated;
        } catch (DataFormatException e) {
            fail(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a compressed message that cannot be inflated");
            return null;
        }
    }

    private void failTooLong() {
        fail(GatewayCloseCode.DECODE_ERROR, "more than " + bounds.maxBytes() + " bytes in a message");
    }

    private void dropBegun() {
        WebSocketFrame message = begun;
        if (message != null) {
            begun = null;
            message.release();
        }
    }

    /** Netty's decoder throws for a frame that is wrong in itself, and wraps whatever else is thrown on the way. */
    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable inner = cause instanceof DecoderException ? cause.getCause() : null;
        if (!(cause instanceof CorruptedWebSocketFrameException wrong)) {
            broken(ctx, inner == null ? cause : inner);
        } else if (wrong.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
            failTooLong();
        } else {
            fail(wrong.closeStatus(), "a frame that RFC 6455 does not allow");
        }
    }

    @Override
    protected final void handlerRemoved0(ChannelHandlerContext ctx) {
        dropBegun();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + frames + " frames of a message" + (inflates ? ", inflates]" : "]");
    }
}
