package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Session;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The gateway protocol over a WebSocket: what comes in from one client, and its time limits.
 *
 * <p>Nothing is read before the upgrade response has left and the client is greeted. When its
 * {@link SessionEntry} is over, everything that still comes in is dropped, but for the answer to our close frame.
 *
 * <p><b>Threads.</b> All on the channel's event loop, which is the session's lane.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class GatewayProtocol extends MessageReader implements SessionEntry.Client {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayProtocol.class);

    private static final String DRAINED = "this gateway is drained: connect again and resume";

    private final Gateway gateway;
    private final Channel channel;
    private final GatewayConnection connection;
    private final Visit visit;
    private final FrameRate rate;
    private final SessionEntry entry;
    private @Nullable Future<?> identifyLimit;
    private @Nullable Future<?> heartbeatLimit;
    private long lastHeartbeatNanos;

    /**
     * @param inflates whether the client may send compressed messages
     */
    GatewayProtocol(Gateway gateway, Channel channel, Visit visit, boolean inflates) {
        super(gateway.bounds(), inflates);
        this.gateway = gateway;
        this.channel = channel;
        this.visit = visit;
        this.connection = new GatewayConnection(channel, gateway.compression().none(), this::closedByEngine);
        this.entry = new SessionEntry(gateway, channel.eventLoop(), connection, this);
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
        entry.reachedBy(hostHeader);
        connection.speak(form);
        lastHeartbeatNanos = nanoTime();
        watchHeartbeat(gateway.heartbeatLimitNanos());
        identifyLimit = channel.eventLoop()
                .schedule(
                        () -> fail(GatewayCloseCode.SESSION_TIMED_OUT, "no identify in time"),
                        gateway.config().identifyTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
        boolean isLate = !gateway.isReady(); // before hello: whoever drains when the client has that asks it too
        connection.send(gateway.hello()); // last, so that a compressor that fails leaves no connection without limits
        if (isLate) {
            connection.send(ControlMessages.reconnect());
        }
    }

    @Override
    void fail(int code, CloseReason reason) {
        if (entry.isOver()) {
            return;
        }
        LOG.debug("Closing {} with {}: {}", channel, code, reason.detail());
        end(reason);
        closeWith(code, reason.detail());
    }

    @Override
    boolean isOver() {
        return entry.isOver();
    }

    @Override
    void received(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            goodbye(close);
        } else {
            receive(frame);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.writabilityChanged();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        end(CloseReason.CONNECTION_LOST); // first, so that nothing is done for what was left unread
        try {
            super.channelInactive(ctx);
        } finally {
            connection.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (!hasBegun()) {
            super.userEventTriggered(ctx, event); // the handler of the upgrade is there still
            return;
        }
        switch (event) {
            case PipelineEvent.GOING_AWAY -> goAway();
            case PipelineEvent.RECONNECT -> connection.send(ControlMessages.reconnect());
            case PipelineEvent.HEARTBEAT -> requestHeartbeat();
            case PipelineEvent.DRAINED ->
                fail(GatewayCloseCode.UNKNOWN_ERROR.code(), new CloseReason(CloseReason.Kind.CONNECTION_LOST, DRAINED));
            default -> super.userEventTriggered(ctx, event);
        }
    }

    @Override
    void broken(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || !hasBegun()) { // before the answer has left no frame may be written
            LOG.debug("{} was lost", channel, cause);
            ctx.close();
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
            default -> entry.command(message);
        }
    }

    /** Not while the client does not read: it would hear of it too late, and of all that were asked for meanwhile. */
    private void requestHeartbeat() {
        if (connection.isReading()) {
            connection.send(ControlMessages.heartbeat());
        }
    }

    private void heartbeat(JsonNode lastSeq) {
        lastHeartbeatNanos = nanoTime();
        entry.acknowledge(lastSeq);
        connection.acknowledge();
    }

    /** A client that comes when too many do may try again on the same connection, within its time. */
    private void identify(JsonNode data) {
        entry.requireStranger();
        IdentifyRequest request = IdentifyRequest.read(data, visit.address());
        if (entry.identify(request)) {
            cancelIdentifyLimit();
            return;
        }
        requireReading();
        visit.putOff();
        connection.send(ControlMessages.invalidSession(false));
    }

    /** The limit for the identify goes on: a client whose resume is refused has the rest of it. */
    private void resume(JsonNode data) {
        entry.requireStranger();
        requireReading();
        entry.resume(ResumeMessage.read(data, visit.address()));
    }

    /** What may be refused and asked for again is answered to those only that read the answers. */
    private void requireReading() {
        if (!connection.isReading()) {
            throw new GatewayException(GatewayCloseCode.RATE_LIMITED, "asks again without reading the answers");
        }
    }

    @Override
    public void resuming(Session session) {
        // its dispatches come as they are
    }

    @Override
    public void identified(Session session) {
        cancelIdentifyLimit();
        visit.identified(Outbox.pathOf(channel));
    }

    @Override
    public void invalid(boolean mayTryAgain) {
        connection.send(ControlMessages.invalidSession(mayTryAgain));
    }

    @Override
    public void invalidSeq() {
        fail(GatewayCloseCode.INVALID_SEQ, "the session was never sent a dispatch with this number");
    }

    @Override
    public void refused(GatewayCloseCode code, String reason) {
        fail(code, reason);
    }

    @Override
    public void closed(int code, String reason) {
        cancelLimits();
        closeWith(code, reason);
    }

    private void closedByEngine(CloseReason reason) {
        entry.closedByEngine(reason);
    }

    /** The connection is over for the client's sake. */
    private void end(CloseReason reason) {
        cancelLimits();
        entry.end(reason);
    }

    @Override
    public void goAway() {
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
        } else if (!entry.isOver()) {
            watchHeartbeat(left);
        }
    }

    private void cancelLimits() {
        cancelIdentifyLimit();
        Future<?> limit = heartbeatLimit;
        if (limit != null) {
            limit.cancel(false);
        }
    }

    /** Forgets it too: the connection may last. */
    private void cancelIdentifyLimit() {
        Future<?> limit = identifyLimit;
        if (limit != null) {
            identifyLimit = null;
            limit.cancel(false);
        }
    }

    private long nanoTime() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
