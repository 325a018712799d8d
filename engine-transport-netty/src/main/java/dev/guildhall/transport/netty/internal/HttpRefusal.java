package dev.guildhall.transport.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;

/** The answer to a request that is no upgrade: small JSON, after which whoever writes it closes the connection. */
final class HttpRefusal {
    private HttpRefusal() {}

    /**
     * The answer.
     *
     * @param message plain words without quotes, since they are put into JSON as they are
     */
    static FullHttpResponse of(ByteBufAllocator allocator, HttpResponseStatus status, String message) {
        ByteBuf body =
                ByteBufUtil.writeUtf8(allocator, "{\"message\":\"" + status.code() + ": " + message + "\",\"code\":0}");
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketVersion.V13.toHttpHeaderValue());
        }
        HttpUtil.setContentLength(response, body.readableBytes());
        return response;
    }
}
