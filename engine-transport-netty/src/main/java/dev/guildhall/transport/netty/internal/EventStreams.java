package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.EventStreamOptions;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import dev.guildhall.transport.netty.Resume;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests for streams of events, and those by which the clients of streams say something. On event loops; {@code open} has the stream of each
 * session that has one, which its own event loop puts there and takes away.
 */
final class EventStreams {
    static final String NO_STREAM = "the session has no stream of events now";

    private static final String NO_SESSION = "there is no such session";

    private final Gateway gateway;
    private final EventStreamOptions options;
    private final String path;
    private final EventStreamEncoding encoding;
    private final ConcurrentMap<String, EventStream> open = new ConcurrentHashMap<>();

    EventStreams(Gateway gateway, EventStreamEncoding encoding) {
        this.gateway = gateway;
        this.options = gateway.config().operation().eventStreams();
        this.path = gateway.config().eventsPath();
        this.encoding = encoding;
    }

    EventStreamOptions options() {
        return options;
    }

    EventStreamEncoding encoding() {
        return encoding;
    }

    void add(String sessionId, EventStream stream) {
        open.put(sessionId, stream);
    }

    void remove(String sessionId, EventStream stream) {
        open.remove(sessionId, stream);
    }

    /**
     * Answers a request for one of the streams' paths.
     *
     * @param visit the connection's
     * @param becomeStream puts the stream in the place of all that read HTTP and WebSocket
     */
    void answer(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            QueryStringDecoder target,
            Visit visit,
            Consumer<EventStream> becomeStream) {
        HttpHeaders headers = request.headers();
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || headers.getAll(HttpHeaderNames.HOST).size() != 1) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, "HTTP/1.1 with one Host is required", new DefaultHttpHeaders());
            return;
        }
        if (!gateway.config().security().origins().allows(headers)) {
            visit.refused(Refusal.ORIGIN);
            refuse(ctx, HttpResponseStatus.FORBIDDEN, "pages of this origin may not connect", new DefaultHttpHeaders());
            return;
        }
        HttpHeaders cors = corsOf(headers);
        HttpMethod method = request.method();
        boolean isStream = GatewayConfig.withoutTrailingSlash(target.rawPath()).equals(path);
        if (method.equals(HttpMethod.OPTIONS)) {
            preflight(ctx, cors);
        } else if (!method.equals(isStream ? HttpMethod.GET : HttpMethod.POST)) {
            refuse(ctx, HttpResponseStatus.METHOD_NOT_ALLOWED, isStream ? "GET" : "POST", cors);
        } else if (!gateway.isReady() && isStream) {
            visit.refused(Refusal.NOT_READY);
            refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, Gateway.NOT_READY, cors);
        } else {
            try {
                if (isStream) {
                    EventStreamRequest wish = EventStreamRequest.read(
                            headers, target, options.tokenInQuery(), ClientAddress.of(ctx.channel()));
                    becomeStream.accept(new EventStream(gateway, this, ctx.channel(), visit, wish, cors));
                } else {
                    post(ctx, request, target, cors);
                }
            } catch (GatewayException e) {
                HttpAnswer.send(ctx, refusal(ctx.channel(), e.code(), e.reason(), cors));
            } catch (IllegalArgumentException e) {
                refuse(ctx, HttpResponseStatus.BAD_REQUEST, "the query is not URL-encoded", cors);
            }
        }
    }

    /** Whoever shows no good token for the session is told what he would be told if it were not there. */
    private void post(ChannelHandlerContext ctx, FullHttpRequest request, QueryStringDecoder target, HttpHeaders cors) {
        String token = EventStreamRequest.token(request.headers(), target.parameters(), options.tokenInQuery());
        int length = request.content().readableBytes();
        if (length > gateway.config().maxInboundBytes()) {
            refuse(
                    ctx,
                    HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                    "more than " + gateway.config().maxInboundBytes() + " bytes in a message",
                    cors);
            return;
        }
        if (!ByteBufUtil.isText(request.content(), StandardCharsets.UTF_8)) {
            throw ClientMessage.decodeError("text is UTF-8, and this is not");
        }
        ClientMessage message = ClientMessage.read(request.content());
        String sessionId = target.rawPath().substring(path.length() + 1);
        ResumeMessage claim = new ResumeMessage(
                new Resume(IdentifyRequest.withoutPrefix(token), ClientAddress.of(ctx.channel())), sessionId, 0);
        gateway.authorise(claim, ctx.channel().eventLoop(), found -> {
            EventStream stream = open.get(sessionId);
            if (found == null) {
                refuse(ctx, HttpResponseStatus.NOT_FOUND, NO_SESSION, cors);
            } else if (stream == null) {
                refuse(ctx, HttpResponseStatus.CONFLICT, NO_STREAM, cors);
            } else {
                hand(ctx, stream, message, length, cors);
            }
        });
    }

    /** The stream's event loop is another one. */
    private static void hand(
            ChannelHandlerContext ctx, EventStream stream, ClientMessage message, int length, HttpHeaders cors) {
        Gateway.answerOn(stream.loop(), () -> {
            GatewayException refusal = null;
            try {
                stream.receive(message, length);
            } catch (GatewayException e) {
                refusal = e;
            }
            GatewayException result = refusal;
            Gateway.answerOn(ctx.executor(), () -> HttpAnswer.send(ctx, answer(ctx, result, cors)));
        });
    }

    private static FullHttpResponse answer(
            ChannelHandlerContext ctx, @Nullable GatewayException refusal, HttpHeaders cors) {
        if (refusal != null) {
            return refusal(ctx.channel(), refusal.code(), refusal.reason(), cors);
        }
        FullHttpResponse accepted = HttpAnswer.of(
                HttpResponseStatus.ACCEPTED,
                HttpHeaderValues.APPLICATION_JSON,
                ByteBufUtil.writeUtf8(ctx.alloc(), "{}"));
        accepted.headers().setAll(cors);
        return accepted;
    }

    private static HttpHeaders corsOf(HttpHeaders request) {
        HttpHeaders cors = new DefaultHttpHeaders().set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        String origin = request.get(HttpHeaderNames.ORIGIN);
        return origin == null ? cors : cors.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }

    /** A browser asks first whether a page of another origin may send these headers. */
    private static void preflight(ChannelHandlerContext ctx, HttpHeaders cors) {
        FullHttpResponse answer =
                HttpAnswer.of(HttpResponseStatus.OK, HttpHeaderValues.TEXT_PLAIN, Unpooled.EMPTY_BUFFER);
        answer.headers()
                .setAll(cors)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
                .set(
                        HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                        "authorization, cache-control, content-type, " + EventStreamRequest.LAST_EVENT_ID)
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "600");
        HttpAnswer.send(ctx, answer);
    }

    private static void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, String message, HttpHeaders cors) {
        HttpAnswer.send(ctx, refusal(ctx.channel(), status, 0, message, cors));
    }

    /** A refusal that has a close code on WebSockets. */
    static FullHttpResponse refusal(Channel channel, GatewayCloseCode code, String reason, HttpHeaders cors) {
        HttpResponseStatus status = switch (code) {
            case UNKNOWN_ERROR -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
            case UNKNOWN_OPCODE,
                    DECODE_ERROR,
                    INVALID_SEQ,
                    INVALID_SHARD,
                    SHARDING_REQUIRED,
                    INVALID_API_VERSION,
                    INVALID_INTENTS -> HttpResponseStatus.BAD_REQUEST;
            case NOT_AUTHENTICATED, ALREADY_AUTHENTICATED -> HttpResponseStatus.CONFLICT;
            case AUTHENTICATION_FAILED -> HttpResponseStatus.UNAUTHORIZED;
            case RATE_LIMITED -> HttpResponseStatus.TOO_MANY_REQUESTS;
            case SESSION_TIMED_OUT -> HttpResponseStatus.REQUEST_TIMEOUT;
            case DISALLOWED_INTENTS -> HttpResponseStatus.FORBIDDEN;
        };
        return refusal(channel, status, code.code(), reason, cors);
    }

    static FullHttpResponse refusal(
            Channel channel, HttpResponseStatus status, int code, String message, HttpHeaders cors) {
        FullHttpResponse answer = HttpAnswer.refusal(channel.alloc(), status, message, code);
        answer.headers().setAll(cors);
        return answer;
    }

    @Override
    public String toString() {
        return "EventStreams[" + path + ", " + open.size() + " open]";
    }
}
