package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Session;
import dev.guildhall.spi.Attachment;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.Identify;
import dev.guildhall.transport.netty.OpcodeHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The gateway protocol's state for one client, and what comes in from it.
 *
 * <pre>
 *  OPENING ──hello──▶ GREETED ──identify──▶ AUTHENTICATING ──accepted──▶ IDENTIFIED
 *     └─────────────────┴───────────┴── mistake, time-out, goodbye, loss ──┴──▶ CLOSED
 * </pre>
 *
 * <p>OPENING is the time until the upgrade response has left; a frame before that breaks the WebSocket handshake and cuts the
 * link. In CLOSED everything that still comes in is dropped, but for the answer to our close frame.
 *
 * <p><b>Threads.</b> All on the channel's event loop, which is the session's lane. Only the authenticator runs elsewhere; its
 * answer comes back as a task of the loop and counts only if the phase is still AUTHENTICATING.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class GatewayProtocol extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayProtocol.class);

    private static final int HEARTBEAT = 1;
    private static final int IDENTIFY = 2;
    private static final int RESUME = 6;

    private enum Phase {
        OPENING,
        GREETED,
        AUTHENTICATING,
        IDENTIFIED,
        CLOSED
    }

    /** What an identified client has. */
    private record Identified(Attachment attachment, GatewayClient client) {}

    private final Gateway gateway;
    private final Channel channel;
    private final GatewayConnection connection;
    private Phase phase = Phase.OPENING;
    private @Nullable Identified identified;
    private @Nullable Future<?> identifyLimit;
    private @Nullable Future<?> heartbeatLimit;
    private long lastHeartbeatNanos;

    /** Under which host the client reached the gateway, until READY has told it the URL to come back to. */
    private @Nullable String host;

    GatewayProtocol(Gateway gateway, Channel channel) {
        this.gateway = gateway;
        this.channel = channel;
        this.connection = new GatewayConnection(channel, gateway.encoding(), this::endedByEngine);
    }

    /**
     * The upgrade response has left.
     *
     * @param hostHeader of the upgrade request
     */
    void greet(@Nullable String hostHeader) {
        host = hostHeader;
        phase = Phase.GREETED;
        connection.send(gateway.hello());
        lastHeartbeatNanos = nanoTime();
        watchHeartbeat(gateway.heartbeatLimitNanos());
        identifyLimit = channel.eventLoop()
                .schedule(
                        () -> fail(GatewayCloseCode.SESSION_TIMED_OUT, "no identify in time"),
                        gateway.config().identifyTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /** Closes the client for its mistake; nothing that it sends counts any more. */
    void fail(GatewayCloseCode code, String text) {
        if (phase == Phase.CLOSED) {
            return;
        }
        LOG.debug("Closing {} with {}: {}", channel, code, text);
        end(CloseCodes.reasonOf(code, text));
        connection.closeWith(code.code(), text);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            end(CloseCodes.reasonOfClient(close.statusCode()));
            connection.closeAnswering(close);
        } else if (phase == Phase.OPENING) {
            ctx.close();
        } else if (phase != Phase.CLOSED) {
            receive(frame);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.writabilityChanged();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(CloseReason.CONNECTION_LOST);
        connection.release();
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == PipelineEvent.GOING_AWAY) {
            goAway();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CodecException) {
            fail(GatewayCloseCode.DECODE_ERROR, "broken or too large frame");
        } else if (cause instanceof IOException) {
            LOG.debug("{} was lost", channel, cause);
            ctx.close();
        } else {
            LOG.warn("Closing {} after an unexpected failure", channel, cause);
            fail(GatewayCloseCode.UNKNOWN_ERROR, "internal error");
        }
    }

    private void receive(WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame) {
            try {
                receive(ClientMessage.read(frame.content()));
            } catch (GatewayException e) {
                fail(e.code(), e.reason());
            }
        } else if (frame instanceof PingWebSocketFrame) {
            connection.pong(frame.content());
        } else if (!(frame instanceof PongWebSocketFrame)) {
            fail(GatewayCloseCode.DECODE_ERROR, "messages are JSON in text frames");
        }
    }

    private void receive(ClientMessage message) {
        switch (message.op()) {
            case HEARTBEAT -> heartbeat();
            case IDENTIFY -> identify(message.data());
            case RESUME -> resume();
            default -> command(message);
        }
    }

    private void heartbeat() {
        lastHeartbeatNanos = nanoTime();
        connection.acknowledge();
    }

    private void identify(JsonNode data) {
        requireUnidentified();
        IdentifyRequest request = IdentifyRequest.read(data);
        phase = Phase.AUTHENTICATING;
        cancel(identifyLimit);
        gateway.authenticate(request, channel.eventLoop(), answer -> admitted(request.identify(), answer));
    }

    /** There is nothing to resume yet: sessions end with their connection. The client may identify anew. */
    private void resume() {
        requireUnidentified();
        if (!connection.isReading()) {
            throw new GatewayException(GatewayCloseCode.RATE_LIMITED, "resumes without reading the answers");
        }
        connection.send(ControlMessages.invalidSession());
    }

    private void requireUnidentified() {
        if (phase != Phase.GREETED) {
            throw new GatewayException(GatewayCloseCode.ALREADY_AUTHENTICATED, "identified already");
        }
    }

    private void command(ClientMessage message) {
        OpcodeHandler handler = gateway.config().opcodes().get(message.op());
        if (handler == null && !Gateway.IGNORED_OPCODES.contains(message.op())) {
            throw new GatewayException(GatewayCloseCode.UNKNOWN_OPCODE, "unknown opcode " + message.op());
        }
        Identified present = identified;
        if (present == null) {
            throw new GatewayException(GatewayCloseCode.NOT_AUTHENTICATED, "identify first");
        }
        if (handler != null && !present.client.command(message.op(), handler, message.data())) {
            throw new GatewayException(
                    GatewayCloseCode.RATE_LIMITED,
                    "more than " + gateway.config().commandBacklog() + " commands wait");
        }
    }

    private void admitted(Identify identify, Admission answer) {
        if (phase != Phase.AUTHENTICATING) {
            return;
        }
        switch (answer) {
            case Admission.Refused refused -> fail(refused.code(), refused.reason());
            case Admission.Welcome welcome -> open(identify, welcome);
        }
    }

    private void open(Identify identify, Admission.Welcome welcome) {
        Attachment attachment = gateway.open(welcome.user(), channel.eventLoop(), connection);
        if (attachment == null) {
            goAway();
            return;
        }
        phase = Phase.IDENTIFIED;
        connection.attach(attachment);
        Session session = attachment.session();
        GatewayClient client = gateway.client(session, identify);
        identified = new Identified(attachment, client);
        session.send(Event.of("READY", welcome.ready().of(session.id(), gateway.urlSeenBy(host))));
        host = null;
        client.ready();
    }

    /** The engine ended the session: it has written what it could. */
    private void endedByEngine(CloseReason reason) {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            cancelLimits();
            GatewayClient client = Objects.requireNonNull(identified).client;
            connection.closeWith(client.closeCode(reason), reason.detail());
            client.ended(reason);
        }
    }

    /** This side or the client ends it: the engine and the application are told. */
    private void end(CloseReason reason) {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        cancelLimits();
        Identified present = identified;
        if (present != null) {
            present.attachment.closed(reason);
            present.client.ended(reason);
        }
    }

    private void goAway() {
        end(CloseReason.ENGINE_CLOSED);
        connection.closeWith(CloseCodes.GOING_AWAY, CloseReason.ENGINE_CLOSED.detail());
    }

    private void watchHeartbeat(long nanos) {
        heartbeatLimit = channel.eventLoop().schedule(this::checkHeartbeat, nanos, TimeUnit.NANOSECONDS);
    }

    private void checkHeartbeat() {
        long left = gateway.heartbeatLimitNanos() - (nanoTime() - lastHeartbeatNanos);
        if (left <= 0) {
            fail(GatewayCloseCode.SESSION_TIMED_OUT, "no heartbeat in time");
        } else if (phase != Phase.CLOSED) {
            watchHeartbeat(left);
        }
    }

    private void cancelLimits() {
        cancel(identifyLimit);
        cancel(heartbeatLimit);
    }

    private static void cancel(@Nullable Future<?> limit) {
        if (limit != null) {
            limit.cancel(false);
        }
    }

    private long nanoTime() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
