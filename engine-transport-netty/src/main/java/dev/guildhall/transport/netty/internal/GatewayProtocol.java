package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.Identify;
import dev.guildhall.transport.netty.OpcodeHandler;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 *     │                │    ▲ └────resume──▶ RESUMING ──resumed────────────▲ │
 *     │                │    └──refused──────────┘                            │
 *     └────────────────┴── mistake, time-out, goodbye, loss ─────────────────┴──▶ CLOSED
 * </pre>
 *
 * <p>OPENING is the time until the upgrade response has left; a frame before that breaks the WebSocket handshake and cuts the
 * link. In CLOSED everything that still comes in is dropped, but for the answer to our close frame.
 *
 * <p><b>Threads.</b> All on the channel's event loop, which is the session's lane. Only the authenticator runs elsewhere; its
 * answer comes back as a task of the loop and counts only if the phase is still AUTHENTICATING, or RESUMING. The session may come from
 * another lane; the engine moves it here before it answers.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class GatewayProtocol extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayProtocol.class);

    private static final String DRAINED = "this gateway is drained: connect again and resume";

    private enum Phase {
        OPENING,
        GREETED,
        AUTHENTICATING,
        RESUMING,
        IDENTIFIED,
        CLOSED
    }

    private final Gateway gateway;
    private final Channel channel;
    private final GatewayConnection connection;
    private final Visit visit;
    private final FrameRate rate;
    private Phase phase = Phase.OPENING;

    /** Null until the client has a session here. */
    private @Nullable GatewayClient client;

    private @Nullable Attachment attachment;
    private @Nullable Future<?> identifyLimit;
    private @Nullable Future<?> heartbeatLimit;
    private long lastHeartbeatNanos;

    /** Under which host the client reached the gateway, which READY tells it to come back to. */
    private @Nullable String host;

    GatewayProtocol(Gateway gateway, Channel channel, Visit visit) {
        this.gateway = gateway;
        this.channel = channel;
        this.visit = visit;
        this.connection = new GatewayConnection(channel, gateway.compression().none(), this::closedByEngine);
        this.rate = new FrameRate(
                gateway.config().maxMessages(), gateway.config().messageWindow().toNanos());
    }

    /**
     * The upgrade response has left.
     *
     * @param hostHeader of the upgrade request
     * @param form what was agreed on, the connection's from now on
     */
    void greet(@Nullable String hostHeader, MessageForm form) {
        host = hostHeader;
        connection.speak(form);
        phase = Phase.GREETED;
        connection.send(gateway.hello());
        if (!gateway.isReady()) {
            connection.send(ControlMessages.reconnect());
        }
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
        fail(code.code(), CloseCodes.reasonOf(code, text));
    }

    /** Closes the client for a breach of RFC 6455, with the code that it has for this. */
    void fail(WebSocketCloseStatus status, String text) {
        fail(status.code(), new CloseReason(CloseReason.Kind.PROTOCOL_ERROR, text));
    }

    private void fail(int code, CloseReason reason) {
        if (phase == Phase.CLOSED) {
            return;
        }
        LOG.debug("Closing {} with {}: {}", channel, code, reason.detail());
        end(reason);
        closeWith(code, reason.detail());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (phase == Phase.OPENING) {
            ctx.close(); // also after a close frame: nothing can be answered yet
        } else if (frame instanceof CloseWebSocketFrame close) {
            goodbye(close);
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
        switch (event) {
            case PipelineEvent.GOING_AWAY -> goAway();
            case PipelineEvent.RECONNECT -> connection.send(ControlMessages.reconnect());
            case PipelineEvent.DRAINED ->
                fail(GatewayCloseCode.UNKNOWN_ERROR.code(), new CloseReason(CloseReason.Kind.CONNECTION_LOST, DRAINED));
            default -> ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof PrematureChannelClosureException) {
            LOG.debug("{} was lost", channel, cause);
            ctx.close();
        } else if (cause instanceof CorruptedWebSocketFrameException broken
                && !broken.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
            fail(broken.closeStatus(), "a frame that RFC 6455 does not allow");
        } else if (cause instanceof CodecException) {
            fail(
                    GatewayCloseCode.DECODE_ERROR,
                    "more than " + gateway.config().maxInboundBytes() + " bytes in a message");
        } else {
            LOG.warn("Closing {} after an unexpected failure", channel, cause);
            fail(GatewayCloseCode.UNKNOWN_ERROR, "internal error");
        }
    }

    /** The decoder has looked at the frame already, but lets pass codes above 4999 and reasons that end within a character. */
    private void goodbye(CloseWebSocketFrame close) {
        if (!CloseCodes.mayBeSent(close.statusCode())) {
            fail(WebSocketCloseStatus.PROTOCOL_ERROR, "a close code that is not defined");
        } else if (!CloseCodes.hasReasonInUtf8(close.content())) {
            fail(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "the reason to close is not UTF-8");
        } else {
            end(CloseCodes.reasonOfClient(close.statusCode()));
            visit.closing(close.statusCode());
            connection.closeAnswering(close);
        }
    }

    private void receive(WebSocketFrame frame) {
        visit.received(frame.content().readableBytes());
        if (!rate.tryCount(nanoTime())) {
            fail(
                    GatewayCloseCode.RATE_LIMITED,
                    "more than " + gateway.config().maxMessages() + " messages in "
                            + gateway.config().messageWindow().toSeconds() + " s");
        } else if (frame instanceof PingWebSocketFrame) {
            connection.pong(frame.content());
        } else if (!(frame instanceof PongWebSocketFrame)) {
            read(frame, connection.encoding());
        }
    }

    private void read(WebSocketFrame frame, MessageEncoding encoding) {
        if (!encoding.isIn(frame)) {
            fail(
                    GatewayCloseCode.DECODE_ERROR,
                    encoding == MessageEncoding.JSON
                            ? "messages are JSON in text frames"
                            : "messages are CBOR in binary frames");
        } else if (frame instanceof TextWebSocketFrame
                && !ByteBufUtil.isText(frame.content(), StandardCharsets.UTF_8)) {
            fail(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "text is UTF-8, and this is not");
        } else {
            try {
                receive(ClientMessage.read(frame.content(), encoding));
            } catch (GatewayException e) {
                fail(e.code(), e.reason());
            }
        }
    }

    private void receive(ClientMessage message) {
        switch (message.op()) {
            case Opcodes.HEARTBEAT -> heartbeat(message.data());
            case Opcodes.IDENTIFY -> identify(message.data());
            case Opcodes.RESUME -> resume(message.data());
            default -> command(message);
        }
    }

    private void heartbeat(JsonNode lastSeq) {
        lastHeartbeatNanos = nanoTime();
        Attachment present = attachment;
        if (present != null && lastSeq.isIntegralNumber() && lastSeq.canConvertToLong()) {
            present.acknowledged(lastSeq.longValue());
        }
        connection.acknowledge();
    }

    private void identify(JsonNode data) {
        requireUnidentified();
        IdentifyRequest request = IdentifyRequest.read(data, visit.address());
        phase = Phase.AUTHENTICATING;
        cancel(identifyLimit);
        gateway.authenticate(request, channel.eventLoop(), answer -> admitted(request.identify(), answer));
    }

    /** The limit for the identify goes on: a client whose resume is refused has the rest of it. */
    private void resume(JsonNode data) {
        requireUnidentified();
        if (!connection.isReading()) {
            throw new GatewayException(GatewayCloseCode.RATE_LIMITED, "resumes without reading the answers");
        }
        ResumeMessage message = ResumeMessage.read(data);
        phase = Phase.RESUMING;
        gateway.authorise(message, channel.eventLoop(), found -> authorised(message.seq(), found));
    }

    private void authorised(long seq, @Nullable GatewayClient found) {
        if (phase != Phase.RESUMING) {
            return;
        }
        if (found == null) {
            invalid(false);
        } else {
            gateway.resume(found, seq, channel.eventLoop(), connection, result -> answered(found, result));
        }
    }

    private void answered(GatewayClient resumed, ResumeResult result) {
        switch (result) {
            case ResumeResult.Resumed(Attachment engineSide) -> resumed(resumed, engineSide);
            case ResumeResult.Refused(ResumeResult.Reason reason) -> {
                if (phase == Phase.RESUMING) {
                    refused(reason);
                }
            }
        }
    }

    private void resumed(GatewayClient resumed, Attachment engineSide) {
        if (phase != Phase.RESUMING) { // this connection has ended meanwhile, and the client may come back with another
            engineSide.lost(CloseReason.CONNECTION_LOST);
            return;
        }
        cancel(identifyLimit);
        resumed.attach(connection, engineSide);
        connection.attach(engineSide);
        identified(resumed, engineSide);
    }

    private void refused(ResumeResult.Reason reason) {
        switch (reason) {
            case SEQ_AHEAD, SEQ_INVALID ->
                fail(GatewayCloseCode.INVALID_SEQ, "the session was never sent a dispatch with this number");
            case ENGINE_CLOSED -> goAway();
            case OVERLOADED -> invalid(true);
            case UNKNOWN, EXPIRED, SEQ_TRIMMED, EVENTS_LOST -> invalid(false);
        }
    }

    private void invalid(boolean mayTryAgain) {
        phase = Phase.GREETED;
        connection.send(ControlMessages.invalidSession(mayTryAgain));
    }

    private void requireUnidentified() {
        if (phase != Phase.GREETED) {
            throw new GatewayException(GatewayCloseCode.ALREADY_AUTHENTICATED, "identified already");
        }
    }

    private void command(ClientMessage message) {
        OpcodeHandler handler = gateway.config().opcodes().get(message.op());
        if (handler == null && !Opcodes.FOR_THE_APPLICATION.contains(message.op())) {
            throw new GatewayException(GatewayCloseCode.UNKNOWN_OPCODE, "unknown opcode " + message.op());
        }
        GatewayClient present = client;
        if (present == null) {
            throw new GatewayException(GatewayCloseCode.NOT_AUTHENTICATED, "identify first");
        }
        if (handler != null && present.command(message.op(), handler, message.data()) == Outcome.RATE_LIMITED) {
            throw new GatewayException(GatewayCloseCode.RATE_LIMITED, "commands come too fast");
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
        GatewayClient opened = gateway.open(welcome.user(), identify, channel.eventLoop(), connection);
        if (opened == null) {
            goAway();
            return;
        }
        identified(opened, opened.attachment());
        Session session = opened.session();
        session.send(Event.of("READY", welcome.ready().of(session.id(), gateway.urlSeenBy(host))));
        opened.ready();
    }

    private void identified(GatewayClient present, Attachment engineSide) {
        visit.identified(Outbox.pathOf(channel));
        phase = Phase.IDENTIFIED;
        client = present;
        attachment = engineSide;
    }

    /** The engine lets go of the connection: it has written what it could. */
    private void closedByEngine(CloseReason reason) {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            cancelLimits();
            closeWith(Objects.requireNonNull(client).closeCode(reason), reason.detail());
        }
    }

    /** The connection is over for the client's sake: the engine is told, whether the client may come back to its session. */
    private void end(CloseReason reason) {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        cancelLimits();
        Attachment present = attachment;
        if (present == null) {
            return;
        }
        if (reason.kind() == CloseReason.Kind.CLIENT_LEFT) {
            present.closed(reason);
        } else {
            present.lost(reason);
        }
    }

    private void goAway() {
        end(CloseReason.ENGINE_CLOSED);
        closeWith(CloseCodes.GOING_AWAY, CloseReason.ENGINE_CLOSED.detail());
    }

    private void closeWith(int code, String text) {
        visit.closing(code);
        connection.closeWith(code, text);
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
