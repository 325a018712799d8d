package dev.guildhall.transport.netty.internal;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;

/**
 * Sees a connection's requests and their answers, whoever gives them, and takes the body off what HEAD is told. Leaves with the upgrade: nothing
 * of it is in the way of events. One event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write is told of by its promise
final class RequestLog extends ChannelDuplexHandler {
    private final Visit visit;
    private boolean isHead;

    RequestLog(Visit visit) {
        this.visit = visit;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            isHead = request.method().equals(HttpMethod.HEAD);
            if (request.decoderResult().isFailure()) {
                visit.asked("", "");
            } else {
                visit.asked(request.method().name(), new QueryStringDecoder(request.uri()).rawPath());
            }
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof HttpResponse response) || response.status().equals(HttpResponseStatus.CONTINUE)) {
            ctx.write(message, promise);
            return;
        }
        int status = response.status().code();
        Object answer = isHead && message instanceof FullHttpResponse full ? HttpAnswer.withoutBody(full) : message;
        ctx.write(answer, promise.unvoid().addListener(done -> {
            if (done.isSuccess()) {
                visit.answered(status);
            }
        }));
        if (status == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            ctx.pipeline().remove(this);
        }
    }
}
