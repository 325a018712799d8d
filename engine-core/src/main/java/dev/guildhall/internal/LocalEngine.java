package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.DrainReport;
import dev.guildhall.Engine;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildStats;
import dev.guildhall.Lane;
import dev.guildhall.LaneStats;
import dev.guildhall.PresenceOptions;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import dev.guildhall.SessionStats;
import dev.guildhall.Subscriber;
import dev.guildhall.User;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.Transport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
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

    private static final int MAX_LANES = 256;

    private final EngineConfig config;
    private final LocalLane[] lanes;
    private final SubscriberPool subscribers;
    private final GuildRegistry guilds;
    private final @Nullable Presences presences;
    private final Users users;
    private final Alarms alarms;
    private final GuildCounters guildCounters;
    private final SubscriberPool guildPool;
    private final SessionIds sessionIds = new SessionIds();
    private final LogEvent resumed = LogEvent.mark(Event.RESUMED, new byte[] {'{', '}'});
    private final AtomicLong trimRequests = new AtomicLong();
    private final LongAdder taskFailures = new LongAdder();
    private final OncePerMinute failureLog;
    private final OncePerMinute budgetLog;
    private final Drain drain = new Drain(this);
    private final Questions questions;
    private final SlowSessions slowSessions = new SlowSessions(this);

    private LocalEngine(EngineConfig config, List<LaneExecutor> laneExecutors) {
        this.config = config;
        this.alarms = new Alarms(config.clock());
        this.guilds = new GuildRegistry(this);
        this.guildCounters = new GuildCounters(config.clock());
        this.guildPool = new SubscriberPool(
                config.blockingExecutor(), config.guildOptions().parallelism());
        PresenceOptions presence = config.presence();
        this.presences = presence == null ? null : new Presences(this, presence);
        this.users = new Users(presences);
        this.questions = new Questions(config.blockingExecutor());
        this.subscribers = new SubscriberPool(config.blockingExecutor(), config.subscriberParallelism());
        this.failureLog = new OncePerMinute(config.clock());
        this.budgetLog = new OncePerMinute(config.clock());
        this.lanes = new LocalLane[laneExecutors.size()];
        for (int i = 0; i < lanes.length; i++) {
            LaneExecutor executor = laneExecutors.get(i);
            lanes[i] = new LocalLane(this, i, executor.executor(), executor.yields());
        }
    }

    /** An executor for a lane, and whether its tasks may go on after yielding instead of being submitted anew. */
    private record LaneExecutor(Executor executor, boolean yields) {}

    /** Opens an engine and starts its transports, or closes them all: each may hold something since it brought its lanes. */
    public static LocalEngine open(EngineConfig config) {
        try {
            return openWith(config);
        } catch (Throwable e) {
            for (Transport transport : config.transports()) {
                try {
                    transport.close();
                } catch (RuntimeException failure) {
                    e.addSuppressed(failure);
                }
            }
            throw e;
        }
    }

    private static LocalEngine openWith(EngineConfig config) {
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
        if (executors.size() > MAX_LANES) {
            throw new IllegalArgumentException("an engine has at most " + MAX_LANES
                    + " lanes, but its transports and laneExecutors bring " + executors.size());
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
                throw new IllegalStateException("the transport " + transport + " did not start: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public Guild guild(String id) {
        LocalGuild guild = guilds.findOrStart(id);
        if (guild == null) {
            return guilds.nameOf(id);
        }
        if (drain.hasBegun()) {
            guild.close();
        }
        return guild;
    }

    @Override
    public boolean revive(String id) {
        LocalGuild guild = guilds.find(id);
        return guild != null && guild.turns != null && guild.turns.revive();
    }

    @Override
    public Session openSession(String user, SessionOptions options, Subscriber subscriber) {
        Users.requireValidId(user);
        Objects.requireNonNull(subscriber, "subscriber");
        long count = sessionIds.nextCount();
        LocalLane lane = lanes[(int) Long.remainderUnsigned(count, lanes.length)];
        long number = SessionIds.number(count, lane.index());
        LocalSession session;
        if (options.inline()) {
            Connection connection = new InlineConnection(subscriber, lane);
            session = LocalSession.ofSubscriber(this, lane, number, user, options, connection);
        } else {
            SubscriberConnection connection = new SubscriberConnection(subscriber);
            session = LocalSession.ofSubscriber(this, lane, number, user, options, connection);
            connection.attach(session);
        }
        if (drain.hasBegun()) {
            session.refuse(CloseReason.ENGINE_CLOSED);
        } else {
            session.opened();
        }
        return session;
    }

    /** Opens a session for a transport's connection; answers its link, or null if the engine takes no more. */
    @Nullable
    SessionLink attach(
            String user,
            SessionOptions options,
            LocalLane lane,
            Connection connection,
            @Nullable SessionListener listener) {
        Users.requireValidId(user);
        Objects.requireNonNull(connection, "connection");
        if (drain.hasBegun()) {
            return null;
        }
        long number = SessionIds.number(sessionIds.nextCount(), lane.index());
        LocalSession session = LocalSession.ofClient(this, lane, number, user, options, connection);
        if (listener != null) {
            session.listener(listener);
        }
        SessionLink link = session.requireLink();
        session.opened();
        return link;
    }

    @Override
    public User user(String id) {
        return new LocalUser(users, id);
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
        return new EngineStats(
                lanes.length,
                guilds.size(),
                sum.opened,
                sum.closed,
                guilds.published(),
                sum.delivered,
                sum.written,
                sum.dropped,
                sum.conflated,
                sum.gaps,
                sum.replayed,
                sum.detached,
                sum.resumed,
                sum.resumesRefused,
                sum.retainedBytes,
                sum.trimmedForBudget,
                sum.overBudget,
                sum.subscriberFailures + taskFailures.sum(),
                sum.longestTurnNanos,
                guildCounters.failures(),
                guildCounters.down());
    }

    @Override
    public CompletionStage<SessionStats> stats(Session session) {
        LocalSession asked = requireOwn(session);
        return SessionQuestion.ask(
                asked,
                SessionSnapshot::onLane,
                () -> SessionSnapshot.anywhere(asked),
                () -> SessionSnapshot.anywhere(asked));
    }

    @Override
    public List<LaneStats> laneStats() {
        return Arrays.stream(lanes).map(LocalLane::stats).toList();
    }

    @Override
    public CompletionStage<List<SessionStats>> topSlowSessions(int most) {
        return slowSessions.top(most);
    }

    @Override
    public List<GuildStats> hotGuilds(int most) {
        return HotGuilds.top(this, most);
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
        GuildTurns turns = GuildTurns.current();
        if (turns != null && turns.isOf(this)) {
            throw new IllegalStateException("close would wait for the guild's turn it is called in; use drain");
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

    GuildRegistry guilds() {
        return guilds;
    }

    /** Runs the turns of guilds with a handler. */
    SubscriberPool guildPool() {
        return guildPool;
    }

    GuildCounters counters() {
        return guildCounters;
    }

    Users users() {
        return users;
    }

    /** Null if guilds are not told of presence. */
    @Nullable
    Presences presences() {
        return presences;
    }

    Alarms alarms() {
        return alarms;
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

    LocalSession requireOwn(Session session) {
        LocalSession local = (LocalSession) Objects.requireNonNull(session, "session");
        if (local.engine != this) {
            throw new IllegalArgumentException(session + " belongs to another engine");
        }
        return local;
    }

    Questions questions() {
        return questions;
    }

    /** Says to a client that it has been caught up. */
    LogEvent resumedMark() {
        return resumed;
    }

    SessionIds sessionIds() {
        return sessionIds;
    }

    boolean isDraining() {
        return drain.hasBegun();
    }

    /** A session that could be resumed has ended: the lane it was opened on need not know it any more. */
    void leaveHome(long number) {
        LocalLane home = lanes[SessionIds.homeOf(number)];
        if (home.isCurrent()) {
            home.sessions.leaveHome(number);
        } else {
            home.offer((LaneTask) lane -> lane.sessions.leaveHome(number));
        }
    }

    boolean isAtEnd(LocalLane lane) {
        for (LocalGuild guild : guilds.all()) {
            if (!guild.isAtEnd(lane)) {
                return false;
            }
        }
        return true;
    }

    // --- the budget, see LaneBudget

    /** What the lanes have published. */
    long retainedBytes() {
        long sum = 0;
        for (LocalLane lane : lanes) {
            sum += lane.counters.retainedBytes();
        }
        return sum;
    }

    /** Asks all other lanes to forget what they keep for resumes; answers the number of the request. */
    long askToTrim(LocalLane asking) {
        long number = trimRequests.incrementAndGet();
        for (LocalLane lane : lanes) {
            if (lane != asking) {
                lane.offer((LaneTask) other -> other.budget.trimFor(number, asking));
            }
        }
        return number;
    }

    boolean allTrimmedFor(long number) {
        for (LocalLane lane : lanes) {
            if (!lane.budget.hasTrimmedFor(number)) {
                return false;
            }
        }
        return true;
    }

    /** Of the lanes that have trimmed for the request, the one with the session that has the most unwritten bytes. */
    LocalLane laneWithWorstBacklog(long number, LocalLane asking) {
        LocalLane worst = asking;
        for (LocalLane lane : lanes) {
            if (lane.budget.hasTrimmedFor(number) && lane.budget.worstBacklog() > worst.budget.worstBacklog()) {
                worst = lane;
            }
        }
        return worst;
    }

    void warnOverBudget() {
        if (budgetLog.isDue()) {
            LOG.warn(
                    "{}: its sessions hold {} bytes, more than maxRetainedBytes, {}. Events kept for resumes are forgotten,"
                            + " then the slowest sessions pay. Further cases are counted, and logged once a minute",
                    this,
                    retainedBytes(),
                    config.maxRetainedBytes());
        }
    }

    // --- failures of application code

    /** Application code threw on a lane, which counts it. Says so at most once a minute. */
    void subscriberFailed(Throwable failure) {
        if (failureLog.isDue()) {
            LOG.warn(
                    "A subscriber, listener or command failed; its session goes on. Further failures are counted, and"
                            + " logged once a minute",
                    failure);
        }
    }

    /** Application code threw on a task of its own. */
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
