package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side of a connection, until it is a WebSocket. Every answer that is no upgrade is small JSON and ends the
 * connection.
 *
 * <p>What the query asks for wrongly is answered after the upgrade, by a close code, since WebSocket clients do not show their
 * users the body of a refused one. All on the channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class GatewayUpgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayUpgrade.class);

    private final GatewayConfig config;
    private final Gateway gateway;
    private final Visit visit;
    private boolean answered;

    /** What a client has sent behind its upgrade request, and the codec of HTTP has read. */
    private @Nullable ByteBuf behind;

    GatewayUpgrade(Gateway gateway, Visit visit) {
        this.config = gateway.config();
        this.gateway = gateway;
        this.visit = visit;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (answered && message instanceof ByteBuf early) {
            ReferenceCountUtil.release(behind);
            behind = early;
        } else {
            super.channelRead(ctx, message);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ReferenceCountUtil.release(behind);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (answered) {
            return; // a connection carries one request
        }
        answered = true;
        if (request.decoderResult().isFailure()) {
            refuse(ctx, statusOf(request.decoderResult().cause()), "not an HTTP request");
            return;
        }
        if (headersOf(request) > config.security().limits().maxHeaders()) {
            refuse(ctx, HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too many headers");
            return;
        }
        QueryStringDecoder target = new QueryStringDecoder(request.uri());
        if (config.isOfEvents(target.rawPath())) {
            gateway.streams().answer(ctx, request, target, visit, stream -> become(ctx, stream));
        } else if (!GatewayConfig.withoutTrailingSlash(target.rawPath()).equals(config.path())) {
            gateway.others().answer(ctx, request, target);
        } else if (!wantsWebSocket(request)) {
            refuse(ctx, HttpResponseStatus.UPGRADE_REQUIRED, "this is a WebSocket gateway");
        } else if (!HandshakeRules.areKept(request)) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, "not a WebSocket handshake");
        } else if (!gateway.isReady()) {
            visit.refused(Refusal.NOT_READY);
            refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, Gateway.NOT_READY);
        } else if (!config.security().origins().allows(request.headers())) {
            visit.refused(Refusal.ORIGIN);
            refuse(ctx, HttpResponseStatus.FORBIDDEN, "pages of this origin may not connect");
        } else {
            upgrade(ctx, request, target);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == PipelineEvent.GOING_AWAY || event == PipelineEvent.DRAINED) {
            ctx.close();
        } else if (event != PipelineEvent.RECONNECT) { // greet() looks whether the client is to be asked
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{} was closed before it became a WebSocket", ctx.channel(), cause);
        ctx.close();
    }

    private void become(ChannelHandlerContext ctx, EventStream stream) {
        ctx.pipeline().addAfter(ctx.name(), null, stream);
        ctx.pipeline().remove(this);
        stream.begin();
    }

    private void upgrade(ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder target) {
        Mistake mistake;
        Compression.Choice choice;
        try {
            MessageEncoding encoding = encodingOf(target);
            mistake = mistakeIn(target, encoding);
            choice = gateway.compression()
                    .choose(
                            encoding == null ? MessageEncoding.JSON : encoding,
                            target.parameters().getOrDefault("compress", List.of()),
                            request.headers());
        } catch (IllegalArgumentException e) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, "the query is not URL-encoded");
            return;
        }
        switch (choice) {
            case Compression.Choice.Refused refused -> refuse(ctx, refused.status(), refused.message());
            case Compression.Choice.Agreed agreed -> upgrade(ctx, request, mistake, agreed);
        }
    }

    private void upgrade(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            @Nullable Mistake mistake,
            Compression.Choice.Agreed agreed) {
        String extension = agreed.extension();
        HttpHeaders answer = new DefaultHttpHeaders();
        if (extension != null) {
            answer.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, extension);
        }
        GatewayProtocol protocol = new GatewayProtocol(gateway, ctx.channel(), visit, extension != null);
        String host = request.headers().get(HttpHeaderNames.HOST);
        endHttp(ctx.pipeline());
        ByteBuf early = behind;
        behind = null;
        try {
            new Handshake(gateway.bounds(), protocol)
                    .answer(ctx, request, answer)
                    .addListener(done -> {
                        if (done.isSuccess()) {
                            upgraded(ctx, protocol, host, mistake, agreed.form());
                        } else {
                            agreed.form().release();
                            ctx.close();
                        }
                    });
        } catch (WebSocketHandshakeException e) {
            ReferenceCountUtil.release(early);
            agreed.form().release();
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, "not a WebSocket handshake");
            return;
        } catch (RuntimeException e) { // of a pipeline that its application has made so
            ReferenceCountUtil.release(early);
            agreed.form().release();
            throw e;
        }
        ChannelHandlerContext reader = ctx.pipeline().context(protocol);
        if (early != null && reader != null) {
            protocol.feed(reader, early);
        } else {
            ReferenceCountUtil.release(early); // the connection is closed
        }
    }

    /**
     * Ends the reading of HTTP where one codec reads and writes it: it is needed for the answer, and would read what comes before that has
     * left as more requests. What it has read already comes here ({@link #channelRead}). Netty replaces a decoder by itself.
     */
    private static void endHttp(ChannelPipeline pipeline) {
        HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
        if (codec != null) {
            codec.removeInboundHandler();
        }
    }

    private void upgraded(
            ChannelHandlerContext ctx,
            GatewayProtocol protocol,
            @Nullable String host,
            @Nullable Mistake mistake,
            MessageForm form) {
        ctx.pipeline().remove(this);
        visit.upgraded();
        ChannelHandlerContext reader = ctx.pipeline().context(protocol);
        try {
            if (mistake == null) {
                protocol.greet(host, form);
            } else {
                form.release();
                protocol.fail(mistake.code, mistake.text);
            }
        } finally { // whatever becomes of the greeting, time limits and a drain must reach the client
            protocol.begin(reader);
        }
    }

    /** A client that asks for what this gateway does not speak. */
    private record Mistake(GatewayCloseCode code, String text) {}

    /** Null if it is none of the gateway's, or more than one. */
    private @Nullable MessageEncoding encodingOf(QueryStringDecoder target) {
        return gateway.compression().encodings().stream()
                .filter(encoding -> asks(target, "encoding", encoding.word()))
                .findFirst()
                .orElse(null);
    }

    private @Nullable Mistake mistakeIn(QueryStringDecoder target, @Nullable MessageEncoding encoding) {
        if (!asks(target, "v", String.valueOf(ReadyData.VERSION))) {
            return new Mistake(
                    GatewayCloseCode.INVALID_API_VERSION, "this gateway speaks version " + ReadyData.VERSION);
        }
        if (encoding == null) {
            return new Mistake(
                    GatewayCloseCode.DECODE_ERROR,
                    gateway.compression().encodings().stream()
                            .map(MessageEncoding::word)
                            .collect(Collectors.joining(" or ", "this gateway speaks encoding ", "")));
        }
        return null;
    }

    private static boolean asks(QueryStringDecoder target, String parameter, String only) {
        return target.parameters().getOrDefault(parameter, List.of(only)).stream()
                .allMatch(only::equals);
    }

    /** Without Content-Length, which the aggregator adds. */
    private static int headersOf(FullHttpRequest request) {
        return request.headers().size()
                - request.headers().getAll(HttpHeaderNames.CONTENT_LENGTH).size();
    }

    private static boolean wantsWebSocket(FullHttpRequest request) {
        HttpHeaders headers = request.headers();
        return request.method().equals(HttpMethod.GET)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && WebSocketVersion.V13.toHttpHeaderValue().equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
    }

    private static HttpResponseStatus statusOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return HttpResponseStatus.REQUEST_URI_TOO_LONG;
        }
        return cause instanceof TooLongFrameException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST;
    }

    private static void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, String message) {
        HttpAnswer.send(ctx, HttpAnswer.refusal(ctx.alloc(), status, message));
    }
}
