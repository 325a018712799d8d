package dev.guildhall.transport.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import tools.jackson.core.io.JsonStringEncoder;

/** The answer to a request that is no upgrade, after which the connection ends. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class HttpAnswer {
    private HttpAnswer() {}

    /**
     * A refusal: small JSON.
     *
     * @param message plain words
     */
    static FullHttpResponse refusal(ByteBufAllocator allocator, HttpResponseStatus status, String message) {
        return refusal(allocator, status, message, 0);
    }

    /**
     * A refusal for which the protocol has a code.
     *
     * @param message any words
     */
    static FullHttpResponse refusal(ByteBufAllocator allocator, HttpResponseStatus status, String message, int code) {
        String words = String.valueOf(JsonStringEncoder.getInstance().quoteAsCharArray(message));
        ByteBuf body = ByteBufUtil.writeUtf8(
                allocator, "{\"message\":\"" + status.code() + ": " + words + "\",\"code\":" + code + "}");
        FullHttpResponse response = of(status, HttpHeaderValues.APPLICATION_JSON, body);
        if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketVersion.V13.toHttpHeaderValue());
        }
        return response;
    }

    /**
     * Any answer.
     *
     * @param body is the answer's, or released
     * @throws IllegalArgumentException if the type cannot be in a header
     */
    static FullHttpResponse of(HttpResponseStatus status, CharSequence contentType, ByteBuf body) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        try {
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            HttpUtil.setContentLength(response, body.readableBytes());
        } catch (IllegalArgumentException e) {
            body.release();
            throw e;
        }
        return response;
    }

    /** What HEAD is told: how long the body is, and no more. The answer with the body is released. */
    static FullHttpResponse withoutBody(FullHttpResponse answer) {
        FullHttpResponse bare = answer.replace(Unpooled.EMPTY_BUFFER);
        answer.release();
        return bare;
    }

    /** Sends an answer and ends the connection. */
    static void send(ChannelHandlerContext ctx, FullHttpResponse answer) {
        ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
}
