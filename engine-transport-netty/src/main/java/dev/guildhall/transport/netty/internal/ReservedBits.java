package dev.guildhall.transport.netty.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * Lets a message's first frame have RSV1, which permessage-deflate gives a meaning to, and no frame any other reserved bit (RFC 7692, section
 * 6). Only for connections with the extension; the decoder does the same for all others.
 */
final class ReservedBits extends ChannelInboundHandlerAdapter {
    static final int COMPRESSED = 4;

    private final GatewayProtocol protocol;

    ReservedBits(GatewayProtocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof WebSocketFrame frame && !isAllowed(frame)) {
            frame.release();
            protocol.fail(WebSocketCloseStatus.PROTOCOL_ERROR, "a reserved bit without a meaning");
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private static boolean isAllowed(WebSocketFrame frame) {
        boolean begins = frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
        return frame.rsv() == 0 || (begins && frame.rsv() == COMPRESSED);
    }
}
