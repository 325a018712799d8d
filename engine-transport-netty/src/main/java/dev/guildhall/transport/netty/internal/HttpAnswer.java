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
import io.netty.handler.codec.http.HttpMethod;
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
        FullHttpResponse response = of(HttpMethod.GET, status, HttpHeaderValues.APPLICATION_JSON, body);
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
     * @param method of the request: HEAD is told how long the body is, and no more
     * @param body is the answer's, or released
     * @throws IllegalArgumentException if the type cannot be in a header
     */
    static FullHttpResponse of(HttpMethod method, HttpResponseStatus status, CharSequence contentType, ByteBuf body) {
        int length = body.readableBytes();
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, method.equals(HttpMethod.HEAD) ? Unpooled.EMPTY_BUFFER : body);
        try {
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            HttpUtil.setContentLength(response, length);
        } catch (IllegalArgumentException e) {
            body.release();
            throw e;
        }
        if (method.equals(HttpMethod.HEAD)) {
            body.release();
        }
        return response;
    }

    /** Sends an answer and ends the connection. */
    static void send(ChannelHandlerContext ctx, FullHttpResponse answer) {
        ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
}
