package dev.guildhall.transport.netty;

import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import dev.guildhall.transport.netty.internal.GatewayServer;
import dev.guildhall.transport.netty.internal.Mount;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
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

    NettyTransport(GatewayServer server) {
        this.server = server;
    }

    /**
     * Configures a gateway.
     *
     * @return a builder with defaults
     */
    public static NettyTransportBuilder builder() {
        return new NettyTransportBuilder();
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
     * @return the builder's {@link NettyTransportBuilder#gatewayUrl}, or else {@code ws://host:port/path}, {@code wss} with {@link NettyTransportBuilder#tls}
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
     * @return the builder's {@link NettyTransportBuilder#gatewayUrl}, or else {@code ws://host:port/path} with this host and the gateway's
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
     * What the gateway has and has done. Any thread, without blocking.
     *
     * @return a snapshot
     */
    public GatewayStats stats() {
        return server.stats();
    }

    /**
     * Whether clients are let in: from when the engine has opened until the gateway is drained or the engine begins to close. Any thread.
     *
     * @return what the {@linkplain HealthOptions#readyPath health check} says
     */
    public boolean isReady() {
        return server.isReady();
    }

    /**
     * Sends the clients away, so that this process can stop without all of them connecting elsewhere at the same moment.
     *
     * <p>From now on nobody is let in: upgrades are answered with 503 and the {@linkplain HealthOptions#readyPath health check} with 503,
     * while the port stays open, so no connection that is on its way is reset. Then all clients, identified or not, are asked to connect
     * again and resume (opcode 7), batch by batch in an order left to chance. Whoever became a WebSocket in that moment is asked right after
     * hello. A client that was asked and identifies or resumes nevertheless is served until the end. When the last batch has had its
     * {@linkplain DrainOptions#grace time}, connections that are left are closed with {@link GatewayCloseCode#UNKNOWN_ERROR}, after which
     * clients come back too. All sessions stay until their resume window is over or the engine ends. They are this engine's: another server
     * refuses the resume with opcode 9, and the client identifies there.
     *
     * <p>It cannot be undone. The engine is not closed; do that afterwards. Any thread; the second call returns the first one's stage and
     * ignores its options.
     *
     * @param options how fast
     * @return completes, on an event loop, when all connections that were there are gone, or a few seconds after the rest was closed; when
     *     the engine is closed before that, then. Never fails
     * @throws IllegalStateException before the engine has opened
     */
    public CompletionStage<DrainedGateway> drain(DrainOptions options) {
        return server.drain(Objects.requireNonNull(options, "options"));
    }

    Mount mount() {
        return server.mount();
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
}
