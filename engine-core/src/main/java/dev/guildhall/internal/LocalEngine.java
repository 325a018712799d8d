package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.DrainReport;
import dev.guildhall.Engine;
import dev.guildhall.EngineStats;
import dev.guildhall.Guild;
import dev.guildhall.Lane;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscriber;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.Transport;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine of one node: registry, lanes, transports. How it ends is in {@link Drain}. */
public final class LocalEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEngine.class);
    private static final long FAILURE_LOG_NANOS = 60_000_000_000L;

    private final EngineConfig config;
    private final LocalLane[] lanes;
    private final SubscriberPool subscribers;
    private final ConcurrentMap<String, LocalGuild> guilds = new ConcurrentHashMap<>();
    private final AtomicLong sessionNumbers = new AtomicLong();
    private final LongAdder taskFailures = new LongAdder();
    private final AtomicLong failureLoggedAt;
    private final long idHigh;
    private final long idMask;
    private final Drain drain = new Drain(this);

    private LocalEngine(EngineConfig config, List<LaneExecutor> laneExecutors) {
        this.config = config;
        this.subscribers = new SubscriberPool(config.blockingExecutor(), config.subscriberParallelism());
        this.failureLoggedAt = new AtomicLong(config.clock().nanoTime() - FAILURE_LOG_NANOS);
        SecureRandom random = new SecureRandom();
        this.idHigh = random.nextLong();
        this.idMask = random.nextLong();
        this.lanes = new LocalLane[laneExecutors.size()];
        for (int i = 0; i < lanes.length; i++) {
            LaneExecutor executor = laneExecutors.get(i);
            lanes[i] = new LocalLane(this, i, executor.executor(), executor.yields());
        }
    }

    /** An executor for a lane, and whether its tasks may go on after yielding instead of being submitted anew. */
    private record LaneExecutor(Executor executor, boolean yields) {}

    /** Opens an engine and starts its transports. */
    public static LocalEngine open(EngineConfig config) {
        List<LaneExecutor> executors = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (Transport transport : config.transports()) {
            List<? extends Executor> own = transport.laneExecutors();
            own.forEach(executor -> executors.add(new LaneExecutor(executor, false)));
            counts.add(own.size());
        }
        config.laneExecutors().forEach(executor -> executors.add(new LaneExecutor(executor, false)));
        if (executors.isEmpty()) {
            for (int i = 0; i < config.lanes(); i++) {
                executors.add(new LaneExecutor(virtualThreads(i), true));
            }
        }
        LocalEngine engine = new LocalEngine(config, executors);
        engine.startTransports(counts);
        return engine;
    }

    private static Executor virtualThreads(int lane) {
        ThreadFactory factory =
                Thread.ofVirtual().name("guildhall-lane-" + lane).factory();
        return task -> factory.newThread(task).start();
    }

    private void startTransports(List<Integer> laneCounts) {
        int firstLane = 0;
        for (int i = 0; i < laneCounts.size(); i++) {
            Transport transport = config.transports().get(i);
            int count = laneCounts.get(i);
            List<LocalLane> own = count == 0 ? List.of(lanes) : List.of(lanes).subList(firstLane, firstLane + count);
            firstLane += count;
            try {
                transport.start(new LocalTransportContext(this, own));
            } catch (Exception e) {
                config.transports().subList(0, i + 1).forEach(Transport::close);
                throw new IllegalStateException("the transport " + transport + " did not start: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public Guild guild(String id) {
        LocalGuild present = guilds.get(id);
        if (present != null) {
            return present;
        }
        LocalGuild.requireValidId(id);
        LocalGuild guild = guilds.computeIfAbsent(id, this::startGuild);
        if (drain.hasBegun()) {
            guild.close();
        }
        return guild;
    }

    private LocalGuild startGuild(String id) {
        GuildLog log = new GuildLog(
                config.logCapacity(), config.clock(), config.laneStallLimit().toNanos());
        return new LocalGuild(this, id, config.clock().epochMillis(), log);
    }

    @Override
    public Session openSession(String user, SessionOptions options, Subscriber subscriber) {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(subscriber, "subscriber");
        long number = sessionNumbers.getAndIncrement();
        LocalLane lane = lanes[(int) Long.remainderUnsigned(number, lanes.length)];
        LocalSession session;
        if (options.inline()) {
            session = new LocalSession(this, lane, number, user, options, new InlineConnection(subscriber, lane));
        } else {
            SubscriberConnection connection = new SubscriberConnection(this, subscriber);
            session = new LocalSession(this, lane, number, user, options, connection);
            connection.attach(session);
        }
        if (drain.hasBegun()) {
            session.refuse(CloseReason.ENGINE_CLOSED);
        } else {
            session.mark();
        }
        return session;
    }

    /** Opens a session for a transport's connection, or answers null if the engine takes no more. */
    @Nullable
    LocalSession attach(String user, SessionOptions options, LocalLane lane, Connection connection) {
        Objects.requireNonNull(user, "user");
        if (drain.hasBegun()) {
            return null;
        }
        long number = sessionNumbers.getAndIncrement();
        LocalSession session = new LocalSession(this, lane, number, user, options, connection);
        session.mark();
        return session;
    }

    @Override
    public List<? extends Lane> lanes() {
        return List.of(lanes);
    }

    @Override
    public List<Transport> transports() {
        return config.transports();
    }

    @Override
    public EngineStats stats() {
        LaneCounters.Sum sum = new LaneCounters.Sum();
        for (LocalLane lane : lanes) {
            lane.counters.addTo(sum);
        }
        long published =
                guilds.values().stream().mapToLong(LocalGuild::published).sum();
        return new EngineStats(
                lanes.length,
                guilds.size(),
                sum.opened,
                sum.closed,
                published,
                sum.delivered,
                sum.written,
                sum.dropped,
                sum.gaps,
                sum.subscriberFailures + taskFailures.sum(),
                sum.longestTurnNanos);
    }

    @Override
    public CompletionStage<DrainReport> drain() {
        return drain.begin();
    }

    @Override
    public void close() {
        if (currentLane() != null) {
            throw new IllegalStateException("close would wait for the lane it is called on; use drain");
        }
        drain.await();
    }

    // --- for the other classes of this package

    EngineConfig config() {
        return config;
    }

    SubscriberPool subscribers() {
        return subscribers;
    }

    Iterable<LocalGuild> activeGuilds() {
        return guilds.values();
    }

    /** The lane that the calling thread is running, or null. Engines have few lanes, so looking at each is cheap. */
    @Nullable
    LocalLane currentLane() {
        for (LocalLane lane : lanes) {
            if (lane.isCurrent()) {
                return lane;
            }
        }
        return null;
    }

    LocalLane[] laneArray() {
        return lanes;
    }

    LocalGuild requireOwn(Guild guild) {
        LocalGuild local = (LocalGuild) Objects.requireNonNull(guild, "guild");
        if (!local.belongsTo(this)) {
            throw new IllegalArgumentException(guild + " belongs to another engine");
        }
        return local;
    }

    /** Unique in the engine by a bijection of the number, and across engines by chance. */
    String sessionId(long number) {
        return HexFormat.of().toHexDigits(idHigh) + HexFormat.of().toHexDigits(scramble(number) ^ idMask);
    }

    /** The finalizer of SplitMix64: spreads consecutive numbers over all bits without two of them meeting. */
    private static long scramble(long number) {
        long z = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    boolean isAtEnd(LocalLane lane) {
        for (LocalGuild guild : guilds.values()) {
            if (!guild.isAtEnd(lane)) {
                return false;
            }
        }
        return true;
    }

    /** A subscriber threw on a lane, which counts it. Says so at most once a minute. */
    void subscriberFailed(Throwable failure) {
        long now = config.clock().nanoTime();
        long last = failureLoggedAt.get();
        if (now - last >= FAILURE_LOG_NANOS && failureLoggedAt.compareAndSet(last, now)) {
            LOG.warn(
                    "A subscriber failed; its session goes on. Further failures are counted, and logged once a minute",
                    failure);
        }
    }

    /** A subscriber threw on a task of the pool. */
    void subscriberFailedOnTask(Throwable failure) {
        taskFailures.increment();
        subscriberFailed(failure);
    }

    @Override
    public String toString() {
        EngineStats stats = stats();
        return "Engine[" + stats.guilds() + " guilds, " + stats.sessions() + " sessions, " + lanes.length + " lanes]";
    }
}
