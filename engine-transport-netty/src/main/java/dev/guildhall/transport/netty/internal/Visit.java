package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.AccessLog;
import dev.guildhall.transport.netty.GatewayStats;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import dev.guildhall.transport.netty.GatewayStats.State;
import dev.guildhall.transport.netty.GatewayStats.WritePath;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection from its beginning to its end, as it is counted and told to the access log; and the time it has to become a WebSocket.
 * On the channel's event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of adding a listener, which is the same future, and of closing
final class Visit {
    private static final Logger LOG = LoggerFactory.getLogger(Visit.class);

    private final Channel channel;
    private final GatewayCounters counters;
    private final @Nullable AccessLog log;
    /** Null once it is over, since the visit may last. */
    private @Nullable Future<?> handshakeLimit;

    private final long began = System.nanoTime();

    private State state = State.HANDSHAKING;
    private String method = "";
    private String path = "";
    private long asked;
    private @Nullable WritePath writePath;
    private boolean isWebSocket;
    private int closeCode = GatewayStats.NO_CLOSE_FRAME;
    private long messages;
    private long bytes;

    private Visit(Channel channel, GatewayCounters counters, GatewayConfig config) {
        this.channel = channel;
        this.counters = counters;
        this.log = config.operation().accessLog();
        this.handshakeLimit = channel.eventLoop()
                .schedule(
                        this::handshakeTimedOut,
                        config.security().limits().handshakeTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    static Visit begin(Channel channel, GatewayCounters counters, GatewayConfig config) {
        Visit visit = new Visit(channel, counters, config);
        counters.entered(State.HANDSHAKING);
        channel.closeFuture().addListener(closed -> visit.ended());
        return visit;
    }

    @Nullable
    InetAddress address() {
        return ClientAddress.of(channel);
    }

    /** A request's head was read; both are empty if it could not be. */
    void asked(String verb, String rawPath) {
        method = verb;
        path = rawPath;
        asked = System.nanoTime();
    }

    /** The answer has left. */
    void answered(int status) {
        tell(to -> to.request(new AccessLog.Request(address(), method, path, status, since(asked))));
    }

    void refused(Refusal why) {
        counters.refused(why);
    }

    /** It is a WebSocket, or a stream of events, which is counted as one. */
    void upgraded() {
        endHandshake();
        isWebSocket = true;
        enter(State.OPEN);
    }

    void identified(WritePath way) {
        enter(State.IDENTIFIED);
        writePath = way;
        counters.began(way);
    }

    /** It identified when too many did. */
    void putOff() {
        counters.putOff();
    }

    void received(int size) {
        messages++;
        bytes += size;
        counters.received(size);
    }

    /** A close frame is sent or was received; the first one counts. */
    void closing(int code) {
        if (state != State.CLOSING) {
            closeCode = code < 0 ? WebSocketCloseStatus.EMPTY.code() : code;
            enter(State.CLOSING);
        }
    }

    private void enter(State next) {
        counters.entered(next);
        counters.left(state);
        state = next;
    }

    private void endHandshake() {
        Future<?> limit = handshakeLimit;
        if (limit != null) {
            handshakeLimit = null;
            limit.cancel(false);
        }
    }

    private void handshakeTimedOut() {
        counters.refused(Refusal.TIMED_OUT);
        channel.close();
    }

    private void ended() {
        endHandshake();
        WritePath present = writePath;
        if (present != null) {
            counters.ended(present);
        }
        if (isWebSocket) {
            counters.closed(closeCode);
        }
        counters.left(state); // last: whoever sees that it is gone sees how it ended
        tell(to -> to.closed(
                new AccessLog.Connection(address(), path, isWebSocket ? closeCode : 0, since(began), messages, bytes)));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private void tell(Consumer<AccessLog> what) {
        AccessLog present = log;
        if (present == null) {
            return;
        }
        try {
            what.accept(present);
        } catch (RuntimeException e) {
            LOG.warn("The access log {} failed", present, e);
        }
    }

    @Override
    public String toString() {
        return "Visit[" + channel + ", " + state + "]";
    }
}
