package dev.guildhall.transport.netty.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.concurrent.Future;

/**
 * Netty's handshake, after which the pipeline has a {@link MessageReader} where a decoder of HTTP was, and nothing in place of the encoder:
 * frames are written as bytes. Channel's event loop only.
 */
final class Handshake extends WebSocketServerHandshaker13 {
    private final MessageReader reader;

    Handshake(MessageBounds bounds, MessageReader reader) {
        super(null, null, bounds.plain());
        this.reader = reader;
    }

    @Override
    protected WebSocketFrameDecoder newWebsocketDecoder() {
        return reader;
    }

    /**
     * Answers the request. Unless the future has failed, the reader is in its place when this returns; when the future is done, the answer has left.
     *
     * @throws io.netty.handler.codec.http.websocketx.WebSocketHandshakeException if the request is no handshake
     */
    Future<Void> answer(ChannelHandlerContext ctx, FullHttpRequest request, HttpHeaders headers) {
        return handshake(ctx.channel(), request, headers, ctx.newPromise()).addListener(done -> {
            if (done.isSuccess()) {
                ctx.pipeline().remove(WebSocket13FrameEncoder.class);
            }
        });
    }
}
