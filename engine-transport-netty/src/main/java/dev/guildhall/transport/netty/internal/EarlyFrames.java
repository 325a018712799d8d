package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayCloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a client sends behind its upgrade request without waiting for the answer, so that hello is the first it is told, and what it has
 * sent counts however the network cuts it. It may not do so by RFC 6455, but whether it did is a matter of luck otherwise: the same bytes would be lost with the
 * codec of HTTP if they came with the request, and read if they came a moment later.
 *
 * <p>Stands before all that reads frames, from just before the handshake until the answer has left. One event loop.
 */
final class EarlyFrames extends ChannelInboundHandlerAdapter {
    private final int most;
    private final GatewayProtocol protocol;
    private final Deque<Object> held = new ArrayDeque<>();
    private boolean overflow;

    /**
     * @param most frames, and whatever else is read; one more ends the connection, with a close code
     */
    EarlyFrames(int most, GatewayProtocol protocol) {
        this.most = most;
        this.protocol = protocol;
    }

    /** Passes bytes on to whoever stands behind it, and failures as any handler's. */
    private static final class Feeder extends ChannelInboundHandlerAdapter {}

    /**
     * Ends the reading of HTTP where one codec reads and writes it: it is needed for the answer, and would read what comes before that has
     * left as more requests. Netty replaces a decoder by itself.
     *
     * @return what was read of WebSocket already, for {@link #decode}; null if there is nothing
     */
    @Nullable
    ByteBuf endHttp(ChannelPipeline pipeline) {
        HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
        if (codec != null) {
            codec.removeInboundHandler();
        }
        return (ByteBuf) held.poll();
    }

    /** Gives bytes to the decoder that the handshake has put into the pipeline, as if they came from the network. */
    static void decode(ChannelPipeline pipeline, ByteBuf bytes) {
        ChannelHandlerContext decoder = pipeline.context(WebSocketFrameDecoder.class);
        if (decoder == null) { // the connection is closed
            bytes.release();
            return;
        }
        Feeder feeder = new Feeder();
        pipeline.addBefore(decoder.name(), null, feeder);
        pipeline.context(feeder).fireChannelRead(bytes);
        pipeline.remove(feeder);
    }

    /** Lets go of what was kept, and of the pipeline. */
    void release(ChannelPipeline pipeline) {
        ChannelHandlerContext ctx = pipeline.context(this);
        if (ctx == null) {
            return;
        }
        for (Object next = held.poll(); next != null; next = held.poll()) {
            if (next instanceof Throwable failure) {
                ctx.fireExceptionCaught(failure);
            } else {
                ctx.fireChannelRead(next);
            }
        }
        pipeline.remove(this);
        if (overflow) {
            protocol.fail(GatewayCloseCode.RATE_LIMITED, "more than " + most + " frames before hello");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        hold(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        hold(cause);
    }

    private void hold(Object what) {
        if (held.size() < most) {
            held.add(what);
        } else {
            overflow = true;
            ReferenceCountUtil.release(what);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }
}
