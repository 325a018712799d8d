package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.HealthOptions;
import dev.guildhall.transport.netty.HttpHandler;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests on the gateway's port that are not for the gateway: how it is, and whatever the application answers. On event loops. */
final class OtherRequests {
    private static final Logger LOG = LoggerFactory.getLogger(OtherRequests.class);

    private final Gateway gateway;
    private final HealthOptions health;

    OtherRequests(Gateway gateway) {
        this.gateway = gateway;
        this.health = gateway.config().operation().health();
    }

    void answer(ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder target) {
        String path = GatewayConfig.withoutTrailingSlash(target.rawPath());
        HttpHandler handler = gateway.config().operation().http();
        if (health.enabled() && path.equals(health.livePath())) {
            health(ctx, request, true);
        } else if (health.enabled() && path.equals(health.readyPath())) {
            health(ctx, request, gateway.isReady());
        } else if (handler == null) {
            HttpAnswer.send(
                    ctx, HttpAnswer.refusal(ctx.alloc(), HttpResponseStatus.NOT_FOUND, "there is nothing here"));
        } else {
            ask(ctx, handler, request, target);
        }
    }

    private static void health(ChannelHandlerContext ctx, FullHttpRequest request, boolean well) {
        HttpMethod method = request.method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            HttpAnswer.send(ctx, HttpAnswer.refusal(ctx.alloc(), HttpResponseStatus.METHOD_NOT_ALLOWED, "GET or HEAD"));
            return;
        }
        HttpAnswer.send(ctx, health(ctx, well));
    }

    /** How the gateway is. */
    static FullHttpResponse health(ChannelHandlerContext ctx, boolean well) {
        return HttpAnswer.of(
                well ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                HttpHeaderValues.APPLICATION_JSON,
                ByteBufUtil.writeUtf8(ctx.alloc(), well ? "{\"status\":\"up\"}" : "{\"status\":\"down\"}"));
    }

    /** The answer comes as a task of the event loop; the handshake's time limit goes on. */
    private void ask(
            ChannelHandlerContext ctx, HttpHandler handler, FullHttpRequest request, QueryStringDecoder target) {
        HttpHandler.Request question;
        try {
            question = questionOf(ctx, request, target);
        } catch (IllegalArgumentException e) {
            HttpAnswer.send(
                    ctx,
                    HttpAnswer.refusal(ctx.alloc(), HttpResponseStatus.BAD_REQUEST, "the query is not URL-encoded"));
            return;
        }
        gateway.runBlocking(
                () -> {
                    FullHttpResponse answer = ask(ctx, handler, question);
                    if (!Gateway.answerOn(ctx.executor(), () -> HttpAnswer.send(ctx, answer))) {
                        answer.release();
                    }
                },
                () -> HttpAnswer.send(
                        ctx, HttpAnswer.refusal(ctx.alloc(), HttpResponseStatus.SERVICE_UNAVAILABLE, "too busy")));
    }

    private static HttpHandler.Request questionOf(
            ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder target) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers()
                .forEach(header -> headers.computeIfAbsent(
                                header.getKey().toLowerCase(Locale.ROOT), key -> new ArrayList<>())
                        .add(header.getValue()));
        return new HttpHandler.Request(
                ClientAddress.of(ctx.channel()),
                request.method().name(),
                target.rawPath(),
                target.parameters(),
                headers,
                ByteBufUtil.getBytes(request.content()));
    }

    /** Whatever the application throws, an {@link Error} too, is answered: the client waits. */
    private static FullHttpResponse ask(ChannelHandlerContext ctx, HttpHandler handler, HttpHandler.Request question) {
        try {
            HttpHandler.Response answer = handler.handle(question);
            return answer == null
                    ? HttpAnswer.refusal(ctx.alloc(), HttpResponseStatus.NOT_FOUND, "there is nothing here")
                    : HttpAnswer.of(
                            HttpResponseStatus.valueOf(answer.status()),
                            answer.contentType(),
                            Unpooled.wrappedBuffer(answer.body()));
        } catch (Throwable e) {
            LOG.warn("The HTTP handler failed to answer {} {}", question.method(), question.path(), e);
            return HttpAnswer.refusal(ctx.alloc(), HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal error");
        }
    }
}
