package dev.guildhall.transport.netty;

import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import dev.guildhall.transport.netty.internal.GatewayConfig;
import dev.guildhall.transport.netty.internal.GatewaySecurity;
import dev.guildhall.transport.netty.internal.GatewayServer;
import dev.guildhall.transport.netty.internal.OriginCheck;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket gateway: JSON messages with the opcodes, close codes and rules of version 10 of the gateway protocol, so clients
 * exist in every language. Give it to {@link dev.guildhall.EngineBuilder#transport}; the engine starts and closes it.
 *
 * <p>Its event loops are the engine's lanes. A session lives on the lane of its socket's event loop, so an event goes from the
 * guild to the socket without another hand-off. An event is encoded once into a whole WebSocket frame, whatever the number of
 * receivers; per receiver its bytes are copied into one batch, the sequence number is put in place, and the batch is written
 * and flushed once.
 *
 * <p>Events published by the application carry the name clients know ({@code MESSAGE_CREATE}) as their type and UTF-8 JSON as
 * their payload, which becomes {@code d}; an empty payload becomes null. The payload is not checked to be JSON.
 *
 * <p>A session outlives its connection: a client that closes with a code other than 1000 and 1001, vanishes, or makes a mistake may come
 * back with opcode 6 within {@link SessionOptions#resumeWindow()}, and gets what it lacks ({@link Authenticator#mayResume}).
 *
 * <p>When a session ends, or its connection has to, the client is told by a WebSocket close code:
 *
 * <table class="striped">
 * <caption>Close codes by reason</caption>
 * <thead><tr><th scope="col">reason</th><th scope="col">code</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">{@code REQUESTED} through {@link GatewaySession#close}</th><td>the code given</td></tr>
 * <tr><th scope="row">{@code REQUESTED} otherwise, {@code CLIENT_LEFT}</th><td>1000, normal closure</td></tr>
 * <tr><th scope="row">{@code ENGINE_CLOSED}</th><td>1001, going away</td></tr>
 * <tr><th scope="row">{@code SLOW_CONSUMER}, {@code OVER_BUDGET}, {@code CONNECTION_LOST}, {@code REPLACED}</th><td>4000, come back</td></tr>
 * <tr><th scope="row">{@code COMMAND_OVERFLOW}</th><td>4008, come back</td></tr>
 * <tr><th scope="row">{@code PROTOCOL_ERROR}</th><td>the code of the mistake; 4002 if the application gave the reason</td></tr>
 * <tr><th scope="row">{@code TIMED_OUT}</th><td>4009, come back</td></tr>
 * </tbody>
 * </table>
 */
public final class NettyTransport implements Transport {
    /** Default address to listen on: this machine only. */
    public static final String DEFAULT_HOST = "127.0.0.1";

    /** Default port. */
    public static final int DEFAULT_PORT = 8081;

    /** Default path of the gateway. */
    public static final String DEFAULT_PATH = "/gateway";

    /** Default time between two heartbeats of a client. */
    public static final Duration DEFAULT_HEARTBEAT_INTERVAL = Duration.ofMillis(41_250);

    /** Default time a client has from hello to its identify. */
    public static final Duration DEFAULT_IDENTIFY_TIMEOUT = Duration.ofSeconds(10);

    /** Default bound of a client's message, in bytes. */
    public static final int DEFAULT_MAX_INBOUND_BYTES = 4096;

    /** Default bound of the messages that a client sends in {@link #DEFAULT_MESSAGE_WINDOW}. */
    public static final int DEFAULT_MAX_MESSAGES = 120;

    /** Default time in which a client's messages are counted. */
    public static final Duration DEFAULT_MESSAGE_WINDOW = Duration.ofSeconds(60);

    private final GatewayServer server;

    private NettyTransport(GatewayServer server) {
        this.server = server;
    }

    /**
     * Configures a gateway.
     *
     * @return a builder with defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where it listens.
     *
     * @return the bound address, with the port that was found if 0 was asked for
     * @throws IllegalStateException before the engine has opened
     */
    public InetSocketAddress address() {
        return server.address();
    }

    /**
     * The URL clients connect to, without a query.
     *
     * @return the builder's {@link Builder#gatewayUrl}, or else {@code ws://host:port/path}, {@code wss} with {@link Builder#tls}
     * @throws IllegalStateException before the engine has opened, if no URL was given
     */
    public URI url() {
        return server.url();
    }

    /**
     * The URL for one client, to be told by whoever else the client asks where the gateway is.
     *
     * @param hostHeader the Host header of the client's request, under which it reaches this machine; its port is ignored.
     *     Null, or what is no host, gives {@link #url()}
     * @return the builder's {@link Builder#gatewayUrl}, or else {@code ws://host:port/path} with this host and the gateway's
     *     own port
     * @throws IllegalStateException before the engine has opened, if no URL was given
     */
    public URI urlSeenBy(@Nullable String hostHeader) {
        return server.urlSeenBy(hostHeader);
    }

    /**
     * How the event loops wait.
     *
     * @return what was chosen, never {@link IoMode#AUTO}
     */
    public IoMode io() {
        return server.io();
    }

    /**
     * What came of the connections. Any thread, without blocking.
     *
     * @return counts since the transport was built
     */
    public ConnectionCounts connectionCounts() {
        return server.connectionCounts();
    }

    /**
     * Ends all sessions of a user at once and closes its clients with {@link GatewayCloseCode#AUTHENTICATION_FAILED}: the user has
     * changed the password, was banned, or lost a device. None of the sessions can be resumed. Make the tokens worthless first, so that
     * the {@link Authenticator} refuses who comes back with one; a client that it is being asked about at the moment is closed too.
     *
     * <p>Any thread, without blocking; it looks through all sessions. Nothing happens before the engine has opened.
     *
     * @param user as the {@link Authenticator} named it
     * @return how many sessions it had, some of which may have been closed already
     */
    public int invalidateTokens(String user) {
        return server.invalidateTokens(Objects.requireNonNull(user, "user"));
    }

    @Override
    public List<? extends Executor> laneExecutors() {
        return server.laneExecutors();
    }

    @Override
    public void start(TransportContext context) throws Exception {
        server.start(context);
    }

    @Override
    public void stopAccepting() {
        server.stopAccepting();
    }

    @Override
    public void close() {
        server.close();
    }

    @Override
    public String toString() {
        return "NettyTransport[" + server + "]";
    }

    /**
     * Configures a gateway. Not safe for use by several threads at once. {@link #build} checks every value; an
     * {@link IllegalArgumentException} names the value and its bound.
     */
    public static final class Builder {
        private static final Set<Integer> OWN_OPCODES = Set.of(0, 1, 2, 6, 7, 9, 10, 11);
        private static final GatewayListener NO_LISTENER = new GatewayListener() {};

        private String host = DEFAULT_HOST;
        private int port = DEFAULT_PORT;
        private String path = DEFAULT_PATH;
        private @Nullable URI gatewayUrl;
        private IoMode io = IoMode.AUTO;
        private int eventLoops = Runtime.getRuntime().availableProcessors();
        private @Nullable Authenticator authenticator;
        private GatewayListener listener = NO_LISTENER;
        private final Map<Integer, OpcodeHandler> opcodes = new HashMap<>();
        private final Map<String, EventEncoder> encoders = new HashMap<>();
        private Duration heartbeatInterval = DEFAULT_HEARTBEAT_INTERVAL;
        private Duration identifyTimeout = DEFAULT_IDENTIFY_TIMEOUT;
        private SessionOptions sessionOptions = SessionOptions.DEFAULT;
        private int maxInboundBytes = DEFAULT_MAX_INBOUND_BYTES;
        private int maxMessages = DEFAULT_MAX_MESSAGES;
        private Duration messageWindow = DEFAULT_MESSAGE_WINDOW;
        private @Nullable GatewayTls tls;
        private List<String> allowedOrigins = List.of();
        private GatewayLimits limits = GatewayLimits.DEFAULT;
        private GatewayCompression compression = GatewayCompression.DEFAULT;

        private Builder() {}

        /**
         * Address or name of the interface to listen on.
         *
         * @param name default {@value NettyTransport#DEFAULT_HOST}; {@code 0.0.0.0} for all
         * @return this
         */
        public Builder host(String name) {
            host = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Port to listen on.
         *
         * @param number 1 to 65,535, or 0 for any free one; default {@value NettyTransport#DEFAULT_PORT}
         * @return this
         */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /**
         * Path of the gateway. Clients may add a slash and any query.
         *
         * @param value begins with a slash; default {@value NettyTransport#DEFAULT_PATH}
         * @return this
         */
        public Builder path(String value) {
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
        public Builder gatewayUrl(URI url) {
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
        public Builder io(IoMode mode) {
            io = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * Number of event loops, each a platform thread and a lane.
         *
         * @param count 1 to 256; default the number of processors, more gained nothing when it was measured
         * @return this
         */
        public Builder eventLoops(int count) {
            eventLoops = count;
            return this;
        }

        /**
         * Decides who a client is. Required.
         *
         * @param value the application's
         * @return this
         */
        public Builder authenticator(Authenticator value) {
            authenticator = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Told when sessions begin and end.
         *
         * @param value the application's; default none
         * @return this
         */
        public Builder listener(GatewayListener value) {
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
        public Builder opcode(int op, OpcodeHandler handler) {
            if (op < 0 || OWN_OPCODES.contains(op)) {
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
        public Builder eventEncoder(String type, EventEncoder encoder) {
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
        public Builder heartbeatInterval(Duration interval) {
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
        public Builder identifyTimeout(Duration timeout) {
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
        public Builder sessionOptions(SessionOptions options) {
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
        public Builder maxInboundBytes(int bytes) {
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
        public Builder messageRate(int messages, Duration window) {
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
        public Builder tls(GatewayTls value) {
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
        public Builder allowedOrigins(String... origins) {
            allowedOrigins = List.of(origins);
            return this;
        }

        /**
         * What strangers may take: connections, time, and bytes of a request.
         *
         * @param value default {@link GatewayLimits#DEFAULT}
         * @return this
         */
        public Builder limits(GatewayLimits value) {
            limits = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * How messages are compressed for clients that ask for it.
         *
         * @param value default {@link GatewayCompression#DEFAULT}
         * @return this
         */
        public Builder compression(GatewayCompression value) {
            compression = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Checks the values. Nothing is bound or started before the engine opens.
         *
         * @return a transport for one engine
         * @throws IllegalArgumentException if a value is out of its range; the message names both
         * @throws IllegalStateException if there is no authenticator
         */
        public NettyTransport build() {
            Authenticator present = authenticator;
            if (present == null) {
                throw new IllegalStateException("authenticator is required");
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
                    compression)));
        }
    }
}
