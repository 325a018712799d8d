package dev.guildhall.transport.netty;

import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.internal.EventLoops;
import dev.guildhall.transport.netty.internal.GatewayConfig;
import dev.guildhall.transport.netty.internal.GatewayOperation;
import dev.guildhall.transport.netty.internal.GatewaySecurity;
import dev.guildhall.transport.netty.internal.GatewayServer;
import dev.guildhall.transport.netty.internal.Opcodes;
import dev.guildhall.transport.netty.internal.OriginCheck;
import io.netty.channel.IoEventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Configures a gateway. Not safe for use by several threads at once. {@link #build} checks every value; an
 * {@link IllegalArgumentException} names the value and its bound.
 */
public final class NettyTransportBuilder {
    private static final GatewayListener NO_LISTENER = new GatewayListener() {};

    private String host = NettyTransport.DEFAULT_HOST;
    private int port = NettyTransport.DEFAULT_PORT;
    private String path = NettyTransport.DEFAULT_PATH;
    private @Nullable URI gatewayUrl;
    private IoMode io = IoMode.AUTO;
    private int eventLoops = Runtime.getRuntime().availableProcessors();
    private @Nullable Authenticator authenticator;
    private GatewayListener listener = NO_LISTENER;
    private final Map<Integer, OpcodeHandler> opcodes = new HashMap<>();
    private final Map<String, EventEncoder> encoders = new HashMap<>();
    private Duration heartbeatInterval = NettyTransport.DEFAULT_HEARTBEAT_INTERVAL;
    private Duration identifyTimeout = NettyTransport.DEFAULT_IDENTIFY_TIMEOUT;
    private SessionOptions sessionOptions = SessionOptions.DEFAULT;
    private int maxInboundBytes = NettyTransport.DEFAULT_MAX_INBOUND_BYTES;
    private int maxMessages = NettyTransport.DEFAULT_MAX_MESSAGES;
    private Duration messageWindow = NettyTransport.DEFAULT_MESSAGE_WINDOW;
    private @Nullable GatewayTls tls;
    private List<String> allowedOrigins = List.of();
    private GatewayLimits limits = GatewayLimits.DEFAULT;
    private GatewayCompression compression = GatewayCompression.DEFAULT;
    private ProxyOptions proxies = ProxyOptions.NONE;
    private HealthOptions health = HealthOptions.DEFAULT;
    private EventStreamOptions eventStreams = EventStreamOptions.OFF;
    private @Nullable AccessLog accessLog;
    private @Nullable HttpHandler httpHandler;
    private @Nullable IoEventLoopGroup acceptors;
    private @Nullable IoEventLoopGroup loops;
    private boolean mounted;

    NettyTransportBuilder() {}

    /**
     * Address or name of the interface to listen on.
     *
     * @param name default {@value NettyTransport#DEFAULT_HOST}; {@code 0.0.0.0} for all
     * @return this
     */
    public NettyTransportBuilder host(String name) {
        host = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Port to listen on.
     *
     * @param number 1 to 65,535, or 0 for any free one; default {@value NettyTransport#DEFAULT_PORT}
     * @return this
     */
    public NettyTransportBuilder port(int number) {
        port = number;
        return this;
    }

    /**
     * Path of the gateway. Clients may add a slash and any query.
     *
     * @param value begins with a slash; default {@value NettyTransport#DEFAULT_PATH}
     * @return this
     */
    public NettyTransportBuilder path(String value) {
        path = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * The URL that clients are told to come back to, for a gateway behind a proxy.
     *
     * @param url absolute and without a query; default the host under which the client came, with the gateway's own port
     *     and path
     * @return this
     */
    public NettyTransportBuilder gatewayUrl(URI url) {
        gatewayUrl = Objects.requireNonNull(url, "url");
        return this;
    }

    /**
     * How the event loops wait. What does not work on this machine is replaced by {@link IoMode#NIO}; which one runs is
     * logged once.
     *
     * @param mode default {@link IoMode#AUTO}
     * @return this
     */
    public NettyTransportBuilder io(IoMode mode) {
        io = Objects.requireNonNull(mode, "mode");
        return this;
    }

    /**
     * Number of event loops, each a platform thread and a lane.
     *
     * @param count 1 to 256; default the number of processors, more gained nothing when it was measured
     * @return this
     */
    public NettyTransportBuilder eventLoops(int count) {
        eventLoops = count;
        return this;
    }

    /**
     * Decides who a client is. Required.
     *
     * @param value the application's
     * @return this
     */
    public NettyTransportBuilder authenticator(Authenticator value) {
        authenticator = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Told when sessions begin and end.
     *
     * @param value the application's; default none
     * @return this
     */
    public NettyTransportBuilder listener(GatewayListener value) {
        listener = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Handles an opcode that clients send: one of the protocol's that the gateway leaves to the application (3 presence,
     * 4 voice state, 8 request members), which are otherwise accepted and ignored, or one of the application's own, best
     * 100 or more. Any other opcode closes a client with {@link GatewayCloseCode#UNKNOWN_OPCODE}.
     *
     * @param op not negative, and none of 0, 1, 2, 6, 7, 9, 10 and 11, which are the gateway's own
     * @param handler replaces an earlier one of the same opcode
     * @return this
     * @throws IllegalArgumentException if the opcode is not allowed
     */
    public NettyTransportBuilder opcode(int op, OpcodeHandler handler) {
        if (!Opcodes.mayBeHandled(op)) {
            throw new IllegalArgumentException(
                    "op must not be negative and none of 0, 1, 2, 6, 7, 9, 10, 11, was " + op);
        }
        opcodes.put(op, Objects.requireNonNull(handler, "handler"));
        return this;
    }

    /**
     * Makes JSON of an event type whose payload is not JSON.
     *
     * @param type as in {@link dev.guildhall.Event#type()}
     * @param encoder replaces an earlier one of the same type
     * @return this
     */
    public NettyTransportBuilder eventEncoder(String type, EventEncoder encoder) {
        encoders.put(Objects.requireNonNull(type, "type"), Objects.requireNonNull(encoder, "encoder"));
        return this;
    }

    /**
     * Time between two heartbeats, told to clients. One that sends none for 1.5 times as long is closed with
     * {@link GatewayCloseCode#SESSION_TIMED_OUT}.
     *
     * @param interval 10 ms to 1 h; default 41.25 s
     * @return this
     */
    public NettyTransportBuilder heartbeatInterval(Duration interval) {
        heartbeatInterval = Objects.requireNonNull(interval, "interval");
        return this;
    }

    /**
     * Time a client has to identify, from hello on; then it is closed with {@link GatewayCloseCode#SESSION_TIMED_OUT}. How long it
     * may take before is one of the {@link #limits}.
     *
     * @param timeout 10 ms to 1 h; default 10 s
     * @return this
     */
    public NettyTransportBuilder identifyTimeout(Duration timeout) {
        identifyTimeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /**
     * How sessions are set up: among others, for how long a client may come back to its session, and how many of its commands may
     * wait for their {@link OpcodeHandler}, beyond which it is closed with {@link GatewayCloseCode#RATE_LIMITED}.
     *
     * @param options default {@link SessionOptions#DEFAULT}; {@code inline} has no meaning here
     * @return this
     */
    public NettyTransportBuilder sessionOptions(SessionOptions options) {
        sessionOptions = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Longest message a client may send, all its fragments together; more closes it with
     * {@link GatewayCloseCode#DECODE_ERROR}.
     *
     * @param bytes 128 to 1,048,576; default {@value NettyTransport#DEFAULT_MAX_INBOUND_BYTES}
     * @return this
     */
    public NettyTransportBuilder maxInboundBytes(int bytes) {
        maxInboundBytes = bytes;
        return this;
    }

    /**
     * How much a client may send: one message or ping more in a window closes it with {@link GatewayCloseCode#RATE_LIMITED}. Heartbeats
     * count.
     *
     * @param messages 1 to 1,048,576; default {@value NettyTransport#DEFAULT_MAX_MESSAGES}
     * @param window 10 ms to 1 h, from the first message on; default 60 s
     * @return this
     */
    public NettyTransportBuilder messageRate(int messages, Duration window) {
        maxMessages = messages;
        messageWindow = Objects.requireNonNull(window, "window");
        return this;
    }

    /**
     * Speaks TLS on the port, and nothing else.
     *
     * @param value the certificate; default none, so that clients and whoever listens to them see plain text
     * @return this
     */
    public NettyTransportBuilder tls(GatewayTls value) {
        tls = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Web pages that may connect besides those of the gateway's own host, which is what the Host header names. Others are refused with 403.
     * Clients that are no browsers send no Origin header, and are not asked for one.
     *
     * @param origins such as {@code https://chat.example} or {@code http://localhost:3000}, or {@code *} for all; replaces those
     *     given before; default none
     * @return this
     */
    public NettyTransportBuilder allowedOrigins(String... origins) {
        allowedOrigins = List.of(origins);
        return this;
    }

    /**
     * What strangers may take: connections, time, and bytes of a request.
     *
     * @param value default {@link GatewayLimits#DEFAULT}
     * @return this
     */
    public NettyTransportBuilder limits(GatewayLimits value) {
        limits = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Which proxies are believed when they say for whom they connect.
     *
     * @param value default {@link ProxyOptions#NONE}
     * @return this
     */
    public NettyTransportBuilder proxies(ProxyOptions value) {
        proxies = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Where the port says how the gateway is. A {@link #mounted} gateway leaves that to its application, which asks
     * {@link NettyTransport#isReady}.
     *
     * @param value default {@link HealthOptions#DEFAULT}
     * @return this
     */
    public NettyTransportBuilder health(HealthOptions value) {
        health = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Server-sent events for clients that cannot have a WebSocket.
     *
     * @param value default {@link EventStreamOptions#OFF}
     * @return this
     */
    public NettyTransportBuilder eventStreams(EventStreamOptions value) {
        eventStreams = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Told of requests and connections.
     *
     * @param value such as {@link AccessLog#slf4j}; default none
     * @return this
     */
    public NettyTransportBuilder accessLog(AccessLog value) {
        accessLog = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Answers requests on the gateway's port that are not for the gateway. A {@link #mounted} gateway leaves them to the handlers behind it.
     *
     * @param value the application's; default none, so they are answered with 404
     * @return this
     */
    public NettyTransportBuilder http(HttpHandler value) {
        httpHandler = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Uses the application's event loops, in place of {@link #eventLoops(int)} and {@link #io}. Each becomes a lane. The application ends
     * them after the engine; what else runs there delays the gateway's clients, and what blocks there stalls them.
     *
     * @param group epoll, io_uring or NIO
     * @return this
     * @throws IllegalArgumentException if it waits in another way
     */
    public NettyTransportBuilder eventLoops(IoEventLoopGroup group) {
        return eventLoops(group, group);
    }

    /**
     * Uses the application's event loops, those of the listening socket apart from those of the connections.
     *
     * @param accepting for the listening socket; it waits in the same way as the other
     * @param group for connections, each of its event loops becomes a lane
     * @return this
     * @throws IllegalArgumentException if they wait in different ways, or in one that the gateway does not know
     */
    public NettyTransportBuilder eventLoops(IoEventLoopGroup accepting, IoEventLoopGroup group) {
        IoMode mode = EventLoops.modeOf(group);
        if (EventLoops.modeOf(accepting) != mode) {
            throw new IllegalArgumentException("both groups of event loops must wait in the same way, were "
                    + EventLoops.modeOf(accepting) + " and " + mode);
        }
        acceptors = accepting;
        loops = group;
        return this;
    }

    /**
     * Listens nowhere: connections come from a server of the application's through {@link GatewayHandler}, on event loops that were given
     * with {@link #eventLoops(IoEventLoopGroup)}. {@link #host} and {@link #port} have no meaning then; {@link #tls} and
     * {@link ProxyOptions#proxyProtocolFrom} are the application's and refused.
     *
     * @param url where clients reach the gateway, as in {@link #gatewayUrl}
     * @return this
     */
    public NettyTransportBuilder mounted(URI url) {
        mounted = true;
        return gatewayUrl(url);
    }

    /**
     * How messages are compressed for clients that ask for it.
     *
     * @param value default {@link GatewayCompression#DEFAULT}
     * @return this
     */
    public NettyTransportBuilder compression(GatewayCompression value) {
        compression = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Checks the values. Nothing is bound or started before the engine opens.
     *
     * @return a transport for one engine
     * @throws IllegalArgumentException if a value is out of its range; the message names both
     * @throws IllegalStateException if there is no authenticator, or a mounted gateway has no event loops
     */
    public NettyTransport build() {
        Authenticator present = authenticator;
        if (present == null) {
            throw new IllegalStateException("authenticator is required");
        }
        if (mounted && loops == null) {
            throw new IllegalStateException("a mounted gateway needs its server's event loops: eventLoops(group)");
        }
        return new NettyTransport(new GatewayServer(new GatewayConfig(
                host,
                port,
                path,
                gatewayUrl,
                io,
                eventLoops,
                present,
                listener,
                opcodes,
                encoders,
                heartbeatInterval,
                identifyTimeout,
                sessionOptions,
                maxInboundBytes,
                maxMessages,
                messageWindow,
                new GatewaySecurity(tls, new OriginCheck(allowedOrigins), limits),
                compression,
                new GatewayOperation(
                        proxies, health, eventStreams, accessLog, httpHandler, acceptors, loops, mounted))));
    }
}
