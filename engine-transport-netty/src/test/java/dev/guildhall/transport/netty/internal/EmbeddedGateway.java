package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import dev.guildhall.testkit.ManualClock;
import dev.guildhall.testkit.SeededExecutor;
import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.Authenticator;
import dev.guildhall.transport.netty.EventStreamOptions;
import dev.guildhall.transport.netty.GatewayCompression;
import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.GatewayStats;
import dev.guildhall.transport.netty.HealthOptions;
import dev.guildhall.transport.netty.IoMode;
import dev.guildhall.transport.netty.OpcodeHandler;
import dev.guildhall.transport.netty.ProxyOptions;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The gateway's real pipeline and a real engine, all on the test's own thread: nothing happens before the test says so, and the
 * same seed gives the same run. Each token {@code user:NAME} is good, everybody is in the guild "hall".
 *
 * <p>Every buffer comes from one allocator that counts, so a test knows at once, and without the collector, whether a byte was
 * not released.
 */
final class EmbeddedGateway implements AutoCloseable {
    /** Opcode whose data the application keeps. */
    static final int KEEP = 100;

    /** Opcode whose data is published in the guild. */
    static final int POST = 101;

    static final int MAX_INBOUND_BYTES = 4096;

    /** The other end of each link. */
    static final InetAddress PROXY = InetAddress.ofLiteral("192.0.2.10");

    private static final int HEARTBEAT_SECONDS = 41;

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);
    private final ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private final ManualClock clock = new ManualClock();
    private final GatewayCounters counters = new GatewayCounters();
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final SeededExecutor executor;
    private final EmbeddedTransport transport;
    private final GatewayConfig config;
    private final Engine engine;
    private final List<String> kept = new ArrayList<>();
    private final List<CloseReason.Kind> ended = new ArrayList<>();
    private final List<EmbeddedClient> clients = new ArrayList<>();
    private final List<Compression> compressions = new ArrayList<>();
    private @Nullable InetAddress lastAddress;

    EmbeddedGateway(long seed, int maxMessages) {
        this(seed, maxMessages, GatewayCompression.DEFAULT);
    }

    EmbeddedGateway(long seed, int maxMessages, GatewayCompression compression) {
        this(seed, maxMessages, compression, ProxyOptions.NONE);
    }

    /** All links come from {@link #PROXY}, for whom these proxies are told. */
    EmbeddedGateway(long seed, int maxMessages, GatewayCompression compression, ProxyOptions proxies) {
        executor = new SeededExecutor(seed);
        transport = new EmbeddedTransport(executor.serial());
        config = config(maxMessages, compression, proxies);
        engine = Engine.builder()
                .blockingExecutor(executor)
                .clock(clock)
                .transport(transport)
                .open();
    }

    /** A link that was just accepted. */
    EmbeddedClient connect() {
        EmbeddedChannel channel = EmbeddedChannel.builder()
                .channelId(DefaultChannelId.newInstance()) // its own is the same for all, and a group has each id once
                .handlers(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        fresh.config().setAllocator(memory);
                        ClientAddress.set(fresh, PROXY);
                        fresh.pipeline().addLast(setupOf(fresh));
                    }
                })
                .build();
        EmbeddedClient client = new EmbeddedClient(this, channel);
        clients.add(client);
        return client;
    }

    /** A link that is a WebSocket and has had its hello. */
    EmbeddedClient upgraded() {
        return connect().upgrade();
    }

    /** A client that has identified and is in the guild. */
    EmbeddedClient joined(String user) {
        EmbeddedClient client = upgraded();
        client.text("{\"op\":2,\"d\":{\"token\":\"user:" + user + "\",\"intents\":0}}");
        assertThat(client.next().text()).contains("READY");
        return client;
    }

    /** Nobody is let in from now on. */
    void closeTheDoor() {
        ready.set(false);
    }

    GatewayStats stats() {
        return counters.stats(IoMode.NIO, ready.get());
    }

    /** All clients but one vanish. */
    void vanishAllBut(EmbeddedClient witness) {
        clients.remove(witness);
        clients.forEach(EmbeddedClient::vanish);
        clients.clear();
        clients.add(witness);
    }

    /** What came with {@link #KEEP} since it was asked last. */
    List<String> kept() {
        List<String> all = List.copyOf(kept);
        kept.clear();
        return all;
    }

    /** From where the one came who identified last. */
    @Nullable
    InetAddress lastAddress() {
        return lastAddress;
    }

    /** Why sessions have ended, in their order. */
    List<CloseReason.Kind> ended() {
        return ended;
    }

    UnpooledByteBufAllocator memory() {
        return memory;
    }

    /** Bytes of buffers that were not released. */
    long retainedBytes() {
        return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
    }

    /** Connections whose compressor was not released. */
    int contexts() {
        return compressions.stream().mapToInt(Compression::contexts).sum();
    }

    int sessions() {
        return Math.toIntExact(engine.stats().sessions());
    }

    /** Lets the engine's time pass. */
    void advance(Duration span) {
        clock.advance(span);
        settle();
    }

    /** Runs what waits, until nothing does. */
    void settle() {
        do {
            channels.forEach(channel -> ((EmbeddedChannel) channel).runPendingTasks());
        } while (executor.runAll() > 0);
    }

    /** Tells all connections that the server closes. */
    void goAway() {
        channels.forEach(channel -> channel.pipeline().fireUserEventTriggered(PipelineEvent.GOING_AWAY));
        settle();
    }

    @Override
    public void close() {
        channels.forEach(channel -> ((EmbeddedChannel) channel).finishAndReleaseAll());
        settle();
        engine.drain();
        settle();
        assertThat(retainedBytes()).isZero();
        assertThat(contexts()).isZero();
    }

    /** The gateway thinks that the channel's event loop is its only one, and that the engine's lane runs on it. */
    private GatewaySetup setupOf(Channel channel) {
        TransportContext context = Objects.requireNonNull(transport.context);
        GatewayUrl url = GatewayUrl.of(config, new InetSocketAddress(InetAddress.getLoopbackAddress(), config.port()));
        GatewaySetup setup = new GatewaySetup(
                config, channels, new ConnectionLimits(config.security().limits(), counters), counters);
        Gateway gateway = new Gateway(
                config, context, Map.of(channel.eventLoop(), context.lanes().getFirst()), url, ready);
        compressions.add(gateway.compression());
        setup.begin(gateway);
        return setup;
    }

    private GatewayConfig config(int maxMessages, GatewayCompression compression, ProxyOptions proxies) {
        Authenticator authenticator = identify -> {
            String token = identify.token();
            lastAddress = identify.address();
            if (!token.startsWith("user:") || token.length() == 5 || token.length() > 200) {
                return Authentication.refused("unknown token");
            }
            String user = token.substring(5);
            return Authentication.accepted(
                    user, JsonMapper.shared().createObjectNode().put("user", user));
        };
        GatewayListener listener = new GatewayListener() {
            @Override
            public void onReady(GatewaySession session) {
                session.session().subscribe(engine.guild("hall"));
            }

            @Override
            public void onClose(GatewaySession session, CloseReason reason) {
                ended.add(reason.kind());
            }
        };
        Map<Integer, OpcodeHandler> opcodes = Map.of(
                KEEP,
                (session, data) -> kept.add(data.toString()),
                POST,
                (session, data) -> engine.guild("hall").tryPublish(Event.of("POST", data.toString())));
        return new GatewayConfig(
                "127.0.0.1",
                8081,
                "/gateway",
                null,
                IoMode.NIO,
                1,
                authenticator,
                listener,
                opcodes,
                Map.of(),
                Duration.ofSeconds(HEARTBEAT_SECONDS),
                Duration.ofSeconds(10),
                SessionOptions.builder().resumeWindow(Duration.ZERO).build(),
                MAX_INBOUND_BYTES,
                maxMessages,
                Duration.ofSeconds(60),
                new GatewaySecurity(
                        null, new OriginCheck(List.of()), GatewayLimits.DEFAULT.withMaxFragments(MAX_INBOUND_BYTES)),
                compression,
                new GatewayOperation(
                        proxies, HealthOptions.DEFAULT, EventStreamOptions.OFF, null, null, null, null, false));
    }

    /** Has the engine's context, and nothing to accept. */
    private static final class EmbeddedTransport implements Transport {
        private final Executor lane;
        private @Nullable TransportContext context;

        EmbeddedTransport(Executor lane) {
            this.lane = lane;
        }

        @Override
        public List<? extends Executor> laneExecutors() {
            return List.of(lane);
        }

        @Override
        public void start(TransportContext value) {
            context = value;
        }

        @Override
        public void stopAccepting() {}

        @Override
        public void close() {}
    }
}
