package dev.guildhall.transport.netty.internal;

import dev.guildhall.Lane;
import dev.guildhall.spi.TransportContext;
import dev.guildhall.transport.netty.DrainOptions;
import dev.guildhall.transport.netty.DrainedGateway;
import dev.guildhall.transport.netty.GatewayStats;
import dev.guildhall.transport.netty.IoMode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's life: its event loops, its listening socket and its connections.
 *
 * <p><b>Threads.</b> The engine calls {@link #laneExecutors}, {@link #start}, {@link #stopAccepting} and {@link #close} in
 * this order, from any thread; the fields they set are volatile for the accessors. New connections are set up on the event
 * loop they were given to, which is one of the group that also accepts.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
public final class GatewayServer {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);

    private static final int ACCEPT_BACKLOG = 1024;

    /** Longer than a connection waits for the answer to its close frame. */
    private static final long CLOSE_SECONDS = 4;

    private final GatewayConfig config;
    private final IoMode io;
    private volatile @Nullable EventLoops loops;
    private volatile @Nullable Channel listening;
    private volatile @Nullable ChannelGroup connections;
    private volatile @Nullable Gateway gateway;
    private volatile @Nullable GatewaySetup setup;
    private final GatewayCounters counters = new GatewayCounters();
    private final ConnectionLimits limits;
    private final AtomicBoolean ready = new AtomicBoolean();
    private @Nullable Draining draining; // guarded by this

    /**
     * A gateway that is not bound yet.
     *
     * @param config checked values
     */
    public GatewayServer(GatewayConfig config) {
        this.config = config;
        IoEventLoopGroup shared = config.operation().loops();
        this.io = shared == null ? EventLoops.choose(config.io()) : EventLoops.modeOf(shared);
        this.limits = new ConnectionLimits(config.security().limits(), counters);
    }

    /** The bound address. */
    public InetSocketAddress address() {
        Channel present = listening;
        if (present == null) {
            throw new IllegalStateException(
                    config.operation().mounted()
                            ? "a mounted gateway has no address of its own"
                            : "the gateway is bound when the engine has opened");
        }
        return (InetSocketAddress) present.localAddress();
    }

    /** Where clients connect. */
    public URI url() {
        URI given = config.gatewayUrl();
        return given != null ? given : GatewayUrl.of(config, address()).url();
    }

    /** Where a client connects that reached this machine under a host. */
    public URI urlSeenBy(@Nullable String hostHeader) {
        URI given = config.gatewayUrl();
        return given != null ? given : GatewayUrl.of(config, address()).seenBy(hostHeader);
    }

    /** What was chosen. */
    public IoMode io() {
        return io;
    }

    /** What there is and was. */
    public GatewayStats stats() {
        return counters.stats(io, ready.get());
    }

    /** Whether clients are let in. */
    public boolean isReady() {
        return ready.get();
    }

    /** Ends the sessions of a user; answers how many. */
    public int invalidateTokens(String user) {
        Gateway present = gateway;
        return present == null ? 0 : present.invalidateTokens(user);
    }

    /** Opens the event loops, or takes the application's. */
    public List<? extends Executor> laneExecutors() {
        GatewayOperation operation = config.operation();
        IoEventLoopGroup shared = operation.loops();
        IoEventLoopGroup acceptors = operation.acceptors();
        EventLoops opened = shared == null
                ? EventLoops.open(io, config.eventLoops())
                : EventLoops.shared(acceptors == null ? shared : acceptors, shared);
        loops = opened;
        return opened.lanes();
    }

    /**
     * Binds and accepts, unless an application does.
     *
     * @throws Exception if the address cannot be bound
     */
    public void start(TransportContext context) throws Exception {
        EventLoops present = loops;
        if (present == null) {
            throw new IllegalStateException("laneExecutors() is called before start()");
        }
        ChannelGroup group = new DefaultChannelGroup(present.group().next());
        connections = group;
        // Nothing is accepted before the address is known, since READY tells clients the gateway's URL.
        GatewaySetup begun = new GatewaySetup(config, group, limits, counters);
        Channel bound = config.operation().mounted() ? null : bind(present, begun);
        listening = bound;
        GatewayUrl url = GatewayUrl.of(config, bound == null ? new InetSocketAddress(0) : address());
        Gateway opened = new Gateway(config, context, lanesOf(present, context), url, ready);
        gateway = opened;
        begun.begin(opened);
        setup = begun;
        ready.set(true);
        if (bound != null) {
            bound.config().setAutoRead(true);
        }
        LOG.info(
                "Gateway {} {}{} with {} event loops of {}{}",
                bound == null ? "is mounted at" : "listens on",
                bound == null ? url.url() : bound.localAddress(),
                bound == null ? "" : config.path(),
                present.lanes().size(),
                io,
                reasonForFallback());
    }

    private Channel bind(EventLoops present, GatewaySetup childHandler) throws InterruptedException {
        return new ServerBootstrap()
                .group(present.acceptors(), present.group())
                .channel(present.serverChannel())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(childHandler)
                .bind(config.host(), config.port())
                .sync()
                .channel();
    }

    /** How a connection that an application has accepted comes here. */
    public Mount mount() {
        if (!config.operation().mounted()) {
            throw new IllegalStateException("this gateway has a port of its own: build it with mounted(gatewayUrl)");
        }
        return new Mount(config, () -> setup, () -> loops);
    }

    /** Sends the clients away; the second call is the first's. */
    public synchronized CompletionStage<DrainedGateway> drain(DrainOptions options) {
        Draining present = draining;
        if (present == null) {
            ChannelGroup open = connections;
            EventLoops running = loops;
            if (gateway == null || open == null || running == null) {
                throw new IllegalStateException("a gateway is drained after the engine has opened");
            }
            ready.set(false); // before it looks who is there, so that whoever comes later is told by greet()
            present = new Draining(options, open, running.group().next());
            draining = present;
            present.begin();
        }
        return present.whenDone();
    }

    /** Closes the listening socket; connections live on. */
    public void stopAccepting() {
        ready.set(false);
        Channel present = listening;
        if (present != null) {
            present.close();
        }
    }

    /** Closes what is left and ends the event loops. */
    public void close() {
        stopAccepting();
        ChannelGroup open = connections;
        if (open != null) {
            open.forEach(channel -> channel.pipeline().fireUserEventTriggered(PipelineEvent.GOING_AWAY));
            open.newCloseFuture().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        EventLoops present = loops;
        if (present != null) {
            present.close();
        }
        synchronized (this) {
            if (draining != null) {
                draining.finish();
            }
        }
    }

    @Override
    public String toString() {
        Channel present = listening;
        return io + ", "
                + (config.operation().mounted() ? "mounted" : present == null ? "not bound" : present.localAddress());
    }

    private String reasonForFallback() {
        return config.io() == IoMode.AUTO
                        || config.io() == io
                        || config.operation().loops() != null
                ? ""
                : ", since " + config.io() + " does not work here";
    }

    private static Map<EventLoop, Lane> lanesOf(EventLoops loops, TransportContext context) {
        List<LaneExecutor> executors = loops.lanes();
        if (context.lanes().size() != executors.size()) {
            throw new IllegalStateException("expected a lane for each of " + executors.size() + " event loops, got "
                    + context.lanes().size());
        }
        Map<EventLoop, Lane> lanes = new HashMap<>();
        for (int i = 0; i < executors.size(); i++) {
            lanes.put(executors.get(i).loop(), context.lanes().get(i));
        }
        return lanes;
    }
}
