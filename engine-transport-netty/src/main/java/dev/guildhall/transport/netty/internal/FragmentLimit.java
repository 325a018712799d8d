package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayCloseCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Bounds the frames of one message. Messages are counted when they are whole, so a client could otherwise send empty fragments of one that
 * never ends, without any limit. One event loop.
 */
final class FragmentLimit extends ChannelInboundHandlerAdapter {
    private final int most;
    private final GatewayProtocol protocol;
    private int continuations;

    FragmentLimit(int most, GatewayProtocol protocol) {
        this.most = most;
        this.protocol = protocol;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ContinuationWebSocketFrame frame) {
            if (++continuations >= most) {
                continuations = most - 1; // the next one is too many as well
                ReferenceCountUtil.release(message);
                protocol.fail(GatewayCloseCode.DECODE_ERROR, "a message in more than " + most + " frames");
                return;
            }
            if (frame.isFinalFragment()) {
                continuations = 0;
            }
        }
        ctx.fireChannelRead(message);
    }
}
