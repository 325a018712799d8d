package dev.guildhall.transport.netty.internal;

import dev.guildhall.Lane;
import dev.guildhall.spi.TransportContext;
import dev.guildhall.transport.netty.ConnectionCounts;
import dev.guildhall.transport.netty.IoMode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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

    /**
     * A client that does not read holds this much in the channel, and one batch above it. The high mark is above a full batch,
     * so that a client that does read never gets there.
     */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    private static final int ACCEPT_BACKLOG = 1024;

    /** Longer than a connection waits for the answer to its close frame. */
    private static final long CLOSE_SECONDS = 4;

    private final GatewayConfig config;
    private final IoMode io;
    private volatile @Nullable EventLoops loops;
    private volatile @Nullable Channel listening;
    private volatile @Nullable ChannelGroup connections;
    private volatile @Nullable Gateway gateway;
    private final ConnectionLimits limits;

    /**
     * A gateway that is not bound yet.
     *
     * @param config checked values
     */
    public GatewayServer(GatewayConfig config) {
        this.config = config;
        this.io = EventLoops.choose(config.io());
        this.limits = new ConnectionLimits(config.security().limits());
    }

    /** The bound address. */
    public InetSocketAddress address() {
        Channel present = listening;
        if (present == null) {
            throw new IllegalStateException("the gateway is bound when the engine has opened");
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

    /** What came of the connections. */
    public ConnectionCounts connectionCounts() {
        return limits.counts();
    }

    /** Ends the sessions of a user; answers how many. */
    public int invalidateTokens(String user) {
        Gateway present = gateway;
        return present == null ? 0 : present.invalidateTokens(user);
    }

    /** Opens the event loops. */
    public List<? extends Executor> laneExecutors() {
        EventLoops opened = EventLoops.open(io, config.eventLoops());
        loops = opened;
        return opened.lanes();
    }

    /**
     * Binds and accepts.
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
        GatewaySetup setup = new GatewaySetup(config, group, limits);
        Channel bound = new ServerBootstrap()
                .group(present.group())
                .channel(present.serverChannel())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(setup)
                .bind(config.host(), config.port())
                .sync()
                .channel();
        listening = bound;
        Gateway begun = new Gateway(config, context, lanesOf(present, context), GatewayUrl.of(config, address()));
        gateway = begun;
        setup.begin(begun);
        bound.config().setAutoRead(true);
        LOG.info(
                "Gateway listens on {}{} with {} event loops of {}{}",
                bound.localAddress(),
                config.path(),
                config.eventLoops(),
                io,
                reasonForFallback());
    }

    /** Closes the listening socket; connections live on. */
    public void stopAccepting() {
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
    }

    @Override
    public String toString() {
        Channel present = listening;
        return io + ", " + (present == null ? "not bound" : present.localAddress());
    }

    private String reasonForFallback() {
        return config.io() == IoMode.AUTO || config.io() == io ? "" : ", since " + config.io() + " does not work here";
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
