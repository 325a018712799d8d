package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Session;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.Identify;
import dev.guildhall.transport.netty.Resume;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The gateway protocol over server-sent events: a request that is answered for as long as its client is there. What the client has to say
 * comes by other requests ({@link EventStreams}).
 *
 * <p>Nothing is answered before it is known who the client is, so that it can be refused with a status. From then on the pipeline has no
 * handler of HTTP any more: chunks are written as frames of a WebSocket are.
 *
 * <p>Channel's event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class EventStream extends ChannelInboundHandlerAdapter implements SessionEntry.Client {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<Class<? extends ChannelHandler>> OF_HTTP = List.of(
            RequestLog.class,
            RequestAggregator.class,
            HttpResponseEncoder.class,
            HttpRequestDecoder.class,
            HttpServerCodec.class);

    /** Of events that are no dispatches, which have none. */
    enum Name {
        HELLO,
        INVALID_SESSION,
        RECONNECT,
        CLOSE
    }

    private final Gateway gateway;
    private final EventStreams streams;
    private final Channel channel;
    private final Visit visit;
    private final EventStreamRequest request;
    private final HttpHeaders cors;
    private final GatewayConnection connection;
    private final EventStreamForm form;
    private final SessionEntry entry;
    private final FrameRate rate;
    private boolean opened;

    /** The client has shown an id, and cannot go on from there. */
    private boolean startsAnew;

    private @Nullable String sessionId;
    private @Nullable Future<?> heartbeats;

    /**
     * @param cors what each answer to this client's page has
     */
    EventStream(
            Gateway gateway,
            EventStreams streams,
            Channel channel,
            Visit visit,
            EventStreamRequest request,
            HttpHeaders cors) {
        this.gateway = gateway;
        this.streams = streams;
        this.channel = channel;
        this.visit = visit;
        this.request = request;
        this.cors = cors;
        this.form = new EventStreamForm(streams.encoding());
        this.connection = new GatewayConnection(channel, form, this::closedByEngine);
        this.entry = new SessionEntry(gateway, channel.eventLoop(), connection, this);
        this.rate = new FrameRate(
                gateway.config().maxMessages(), gateway.config().messageWindow().toNanos());
    }

    private void closedByEngine(CloseReason reason) {
        entry.closedByEngine(reason);
    }

    /** Once, when it is in the pipeline. */
    void begin() {
        entry.reachedBy(request.host());
        String shown = request.lastEventId();
        EventId last = shown == null ? null : EventId.parse(shown);
        if (last != null) {
            Identify wish = request.identify().identify();
            entry.resume(new ResumeMessage(new Resume(wish.token(), wish.address()), last.sessionId(), last.seq()));
        } else {
            startsAnew = shown != null && !shown.isEmpty();
            identify();
        }
    }

    /** Its client comes back by itself where too many come at the moment; an answer with another status than 200 would keep it away. */
    private void identify() {
        if (!entry.identify(request.identify())) {
            visit.putOff();
            invalid(true);
        }
    }

    // --- what becomes of the client

    @Override
    public void resuming(Session session) {
        open();
        form.of(session.id());
    }

    @Override
    public void identified(Session session) {
        open();
        if (startsAnew) {
            startsAnew = false;
            event(Name.INVALID_SESSION, ControlMessages.invalidSession(false));
        }
        form.of(session.id());
        sessionId = session.id();
        streams.add(session.id(), this);
        visit.identified(Outbox.pathOf(channel));
    }

    /** A client that cannot go on with its session gets a new one on the same stream, if it need not wait. */
    @Override
    public void invalid(boolean mayTryAgain) {
        if (mayTryAgain) {
            entry.end(CloseReason.CONNECTION_LOST);
            open();
            leave(Name.INVALID_SESSION, ControlMessages.invalidSession(true), CloseCodes.GOING_AWAY);
        } else {
            startsAnew = true;
            identify();
        }
    }

    @Override
    public void invalidSeq() {
        invalid(false);
    }

    @Override
    public void refused(GatewayCloseCode code, String reason) {
        LOG.debug("Refusing {} with {}: {}", channel, code, reason);
        entry.end(CloseCodes.reasonOf(code, reason));
        if (opened) {
            closed(code.code(), reason);
        } else {
            answer(EventStreams.refusal(channel, code, reason, cors));
        }
    }

    @Override
    public void goAway() {
        entry.end(CloseReason.ENGINE_CLOSED);
        if (opened) {
            closed(CloseCodes.GOING_AWAY, CloseReason.ENGINE_CLOSED.detail());
        } else {
            notReady();
        }
    }

    @Override
    public void closed(int code, String reason) {
        byte[] data = JsonMapper.shared()
                .writeValueAsBytes(
                        JsonMapper.shared().createObjectNode().put("code", code).put("reason", reason));
        leave(Name.CLOSE, data, code);
    }

    // --- the stream

    private void open() {
        if (opened) {
            return;
        }
        opened = true;
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .setAll(cors)
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-accel-buffering", "no")
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        channel.pipeline().context(this).writeAndFlush(head);
        for (Class<? extends ChannelHandler> handler : OF_HTTP) {
            if (channel.pipeline().get(handler) != null) {
                channel.pipeline().remove(handler);
            }
        }
        visit.upgraded();
        event(Name.HELLO, gateway.hello());
        long interval = gateway.config().heartbeatInterval().toNanos();
        heartbeats = channel.eventLoop().scheduleAtFixedRate(this::heartbeat, interval, interval, TimeUnit.NANOSECONDS);
    }

    /** Not while the client does not read: it would hear of it too late anyway. */
    private void heartbeat() {
        if (connection.isReading()) {
            connection.send(HEARTBEAT);
        }
    }

    private void event(Name name, byte[] data) {
        connection.send(lines(name, data));
    }

    private byte[] lines(Name name, byte[] data) {
        double spread = 0.5 + ThreadLocalRandom.current().nextDouble();
        return ("event: " + name + "\nretry: "
                        + (long) (streams.options().retry().toMillis() * spread)
                        + "\ndata: " + new String(data, StandardCharsets.UTF_8) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The last event, and the end. */
    private void leave(Name name, byte[] data, int code) {
        stopHeartbeats();
        visit.closing(code);
        connection.closeAfter(Unpooled.wrappedBuffer(form.control(lines(name, data)), LAST_CHUNK));
    }

    private void stopHeartbeats() {
        Future<?> present = heartbeats;
        if (present != null) {
            present.cancel(false);
        }
    }

    private void reconnect() {
        if (entry.isOver()) {
            return;
        }
        entry.end(CloseReason.CONNECTION_LOST);
        if (opened) {
            leave(Name.RECONNECT, ControlMessages.reconnect(), CloseCodes.GOING_AWAY);
        } else {
            notReady();
        }
    }

    private void notReady() {
        answer(EventStreams.refusal(
                channel, HttpResponseStatus.SERVICE_UNAVAILABLE, CloseCodes.GOING_AWAY, Gateway.NOT_READY, cors));
    }

    private void answer(FullHttpResponse refusal) {
        HttpAnswer.send(channel.pipeline().context(this), refusal);
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    // --- what the client says by other requests

    /**
     * A message, after it is known that it is the client's.
     *
     * @param length of the message as it was sent
     * @throws GatewayException if it is not accepted; the stream goes on
     */
    void receive(ClientMessage message, int length) {
        if (entry.isOver()) {
            throw new GatewayException(GatewayCloseCode.NOT_AUTHENTICATED, EventStreams.NO_STREAM);
        }
        visit.received(length);
        if (!rate.tryCount(channel.eventLoop().ticker().nanoTime())) {
            throw new GatewayException(
                    GatewayCloseCode.RATE_LIMITED,
                    "more than " + gateway.config().maxMessages() + " messages in "
                            + gateway.config().messageWindow().toSeconds() + " s");
        }
        switch (message.op()) {
            case Opcodes.HEARTBEAT -> entry.acknowledge(message.data());
            case Opcodes.IDENTIFY, Opcodes.RESUME ->
                throw new GatewayException(GatewayCloseCode.ALREADY_AUTHENTICATED, "identified already");
            default -> entry.command(message);
        }
    }

    // --- the channel

    /** The client has asked already: what comes after that has no meaning. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
        ctx.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.writabilityChanged();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopHeartbeats();
        entry.end(CloseReason.CONNECTION_LOST);
        connection.release();
        String present = sessionId;
        if (present != null) {
            streams.remove(present, this);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case PipelineEvent.GOING_AWAY -> goAway();
            case PipelineEvent.RECONNECT -> reconnect();
            case PipelineEvent.HEARTBEAT -> {} // such a client has no heartbeat
            case PipelineEvent.DRAINED -> ctx.close();
            default -> ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} was lost", channel, cause);
        } else {
            LOG.warn("Closing {} after an unexpected failure", channel, cause);
        }
        ctx.close();
    }

    @Override
    public String toString() {
        return "EventStream[" + channel + ", " + entry + "]";
    }
}
