package dev.guildhall;

import dev.guildhall.internal.EngineConfig;
import dev.guildhall.internal.LocalEngine;
import dev.guildhall.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Configures an {@link Engine}. Not safe for use by several threads at once. Every value is checked when the engine opens;
 * {@code docs/architecture.md} says why each default is what it is.
 */
public final class EngineBuilder {
    /** Default number of events a guild's log holds. */
    public static final int DEFAULT_LOG_CAPACITY = 4096;

    /** Default bound of virtual threads that run subscribers at the same time. */
    public static final int DEFAULT_SUBSCRIBER_PARALLELISM = 256;

    /** Default time a lane may stand still before a guild's log no longer waits for it. */
    public static final Duration DEFAULT_LANE_STALL_LIMIT = Duration.ofSeconds(1);

    /** Default time that closing an engine waits for deliveries. */
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(5);

    /** Default number of deliveries after which a lane turns to something else. */
    public static final int DEFAULT_TURN_BUDGET = 4_096;

    /** Default size of a guild on one lane from which on a burst is delivered session by session. */
    public static final int DEFAULT_SESSION_MAJOR_FROM = 4_096;

    /** Smallest value of {@link #maxRetainedBytes}. */
    public static final long MIN_RETAINED_BYTES = 1 << 20;

    /** Default time after which a guild that nobody uses ends. */
    public static final Duration DEFAULT_GUILD_IDLE_TIMEOUT = Duration.ofMinutes(5);

    /** The default of {@link #maxGuilds} is the largest heap divided by this. */
    private static final int BYTES_PER_GUILD = 16 * 1024;

    private static final int MIN_DEFAULT_MAX_GUILDS = 10_000;

    private static final SessionListener NO_LISTENER = new SessionListener() {};

    private static final ThreadFactory TASKS =
            Thread.ofVirtual().name("guildhall-task-", 0).factory();

    private final List<Transport> transports = new ArrayList<>();
    private List<Executor> laneExecutors = List.of();
    private int lanes = Runtime.getRuntime().availableProcessors();
    private EngineClock clock = EngineClock.SYSTEM;
    private Executor blockingExecutor = task -> TASKS.newThread(task).start();
    private int subscriberParallelism = DEFAULT_SUBSCRIBER_PARALLELISM;
    private int logCapacity = DEFAULT_LOG_CAPACITY;
    private Duration laneStallLimit = DEFAULT_LANE_STALL_LIMIT;
    private Duration drainTimeout = DEFAULT_DRAIN_TIMEOUT;
    private int turnBudget = DEFAULT_TURN_BUDGET;
    private int sessionMajorFrom = DEFAULT_SESSION_MAJOR_FROM;
    private SessionListener sessionListener = NO_LISTENER;
    private GuildOptions guildOptions = GuildOptions.DEFAULT;
    private @Nullable GuildHandlerFactory guildHandlers;
    private @Nullable GuildListener guildListener;
    private @Nullable PresenceOptions presence;
    private int maxGuilds =
            Math.clamp(Runtime.getRuntime().maxMemory() / BYTES_PER_GUILD, MIN_DEFAULT_MAX_GUILDS, Integer.MAX_VALUE);
    private AudienceOptions audience = AudienceOptions.DEFAULT;
    private Duration guildIdleTimeout = DEFAULT_GUILD_IDLE_TIMEOUT;
    private long maxRetainedBytes =
            Math.max(MIN_RETAINED_BYTES, Runtime.getRuntime().maxMemory() / 4);

    EngineBuilder() {}

    /**
     * Number of the engine's own lanes, each a virtual thread while it has work. Ignored when executors are given, here or by
     * a transport. Default: one per processor; more gained nothing when it was measured.
     *
     * @param count 1 to 256
     * @return this
     */
    public EngineBuilder lanes(int count) {
        lanes = count;
        return this;
    }

    /**
     * Executors to run lanes on, one lane each.
     *
     * @param executors each must run its tasks one after the other; they stay the caller's to shut down, after the engine
     * @return this
     */
    public EngineBuilder laneExecutors(List<? extends Executor> executors) {
        laneExecutors = List.copyOf(executors);
        return this;
    }

    /**
     * A transport that the engine starts and closes.
     *
     * @param transport not used by any other engine
     * @return this
     */
    public EngineBuilder transport(Transport transport) {
        transports.add(Objects.requireNonNull(transport, "transport"));
        return this;
    }

    /**
     * Where the engine takes time from.
     *
     * @param source default {@link EngineClock#SYSTEM}
     * @return this
     */
    public EngineBuilder clock(EngineClock source) {
        clock = Objects.requireNonNull(source, "clock");
        return this;
    }

    /**
     * Where application code that may block runs: subscribers and what transports call. Default: a virtual thread per task.
     *
     * @param executor must not reject tasks as long as the engine is open; stays the caller's to shut down
     * @return this
     */
    public EngineBuilder blockingExecutor(Executor executor) {
        blockingExecutor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Most subscribers that run at the same time.
     *
     * @param threads 1 to 65,536; default {@value #DEFAULT_SUBSCRIBER_PARALLELISM}
     * @return this
     */
    public EngineBuilder subscriberParallelism(int threads) {
        subscriberParallelism = threads;
        return this;
    }

    /**
     * Events a guild's log holds: how far publishers may run ahead of the slowest lane.
     *
     * @param events 64 to 1,048,576, rounded up to a power of two; default {@value #DEFAULT_LOG_CAPACITY}
     * @return this
     */
    public EngineBuilder logCapacity(int events) {
        logCapacity = events;
        return this;
    }

    /**
     * Time a lane may stand still in a full log before the log no longer waits for it; its sessions are then told which
     * events they lost.
     *
     * @param limit 1 ms to 1 h; default 1 s
     * @return this
     */
    public EngineBuilder laneStallLimit(Duration limit) {
        laneStallLimit = Objects.requireNonNull(limit, "limit");
        return this;
    }

    /**
     * Time that closing the engine waits for deliveries.
     *
     * @param timeout 0 to 1 h; default 5 s
     * @return this
     */
    public EngineBuilder drainTimeout(Duration timeout) {
        drainTimeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /**
     * Bytes that all sessions together may hold: their rings and the events in them, each counted once per lane. When it is
     * reached, events kept for resumes are forgotten first; then sessions with the most unwritten bytes lose all of these: with
     * {@link OverflowPolicy#DROP_OLDEST_WITH_GAP} they are told of it, otherwise they end with
     * {@link CloseReason.Kind#OVER_BUDGET}. {@link EngineStats} counts both, and a warning a minute tells of it. An event that is
     * sent to several sessions directly counts for each.
     *
     * @param bytes at least {@value #MIN_RETAINED_BYTES}; default a quarter of the largest heap
     * @return this
     */
    public EngineBuilder maxRetainedBytes(long bytes) {
        maxRetainedBytes = bytes;
        return this;
    }

    /**
     * Deliveries after which a lane turns to another guild, and after which it lets others have its thread. Less shortens what a
     * small guild waits for each large one; more saves what turning costs. One event is not split, unless it is delivered session by
     * session.
     *
     * @param deliveries 64 to 1,048,576; default {@value #DEFAULT_TURN_BUDGET}
     * @return this
     */
    public EngineBuilder turnBudget(int deliveries) {
        turnBudget = deliveries;
        return this;
    }

    /**
     * Sessions of a guild on one lane from which on a burst of events is delivered session by session instead of event by event,
     * because their state is larger than the processor's cache. Where connections flush in less than half a microsecond, as those inside a
     * process do, a guild of any size is delivered to session by session. The order of a session's events is the same either way.
     *
     * @param sessions 1 to {@link Integer#MAX_VALUE}, which means never for the size's sake; default {@value #DEFAULT_SESSION_MAJOR_FROM}
     * @return this
     */
    public EngineBuilder sessionMajorFrom(int sessions) {
        sessionMajorFrom = sessions;
        return this;
    }

    /**
     * Most guilds that are active at the same time. Beyond it {@link Engine#guild} still answers, but publishing and subscribing
     * there is {@link Outcome#REFUSED} until others have ended.
     *
     * @param guilds at least 1; default the largest heap divided by 16 KiB, at least 10,000
     * @return this
     */
    public EngineBuilder maxGuilds(int guilds) {
        maxGuilds = guilds;
        return this;
    }

    /**
     * Time after which a guild ends that has no subscription and in which nothing was published. Its log and history go; the next
     * use starts it anew, with a new epoch. A {@link Guild} that the application keeps goes on working.
     *
     * @param timeout 1 ms to 1 h; default 5 min
     * @return this
     */
    public EngineBuilder guildIdleTimeout(Duration timeout) {
        guildIdleTimeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /**
     * How audiences work in the engine's guilds.
     *
     * @param options default {@link AudienceOptions#DEFAULT}
     * @return this
     */
    public EngineBuilder audience(AudienceOptions options) {
        audience = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Application code that follows the life of sessions.
     *
     * @param listener called for every session of the engine
     * @return this
     */
    public EngineBuilder sessionListener(SessionListener listener) {
        sessionListener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Gives guilds their handlers. Without it every guild is a plain topic.
     *
     * @param factory makes a handler for each start of a guild
     * @return this
     */
    public EngineBuilder guildHandlers(GuildHandlerFactory factory) {
        guildHandlers = Objects.requireNonNull(factory, "factory");
        return this;
    }

    /**
     * Mailboxes, ticks, restarts and rates of the engine's guilds.
     *
     * @param options default {@link GuildOptions#DEFAULT}
     * @return this
     */
    public EngineBuilder guildOptions(GuildOptions options) {
        guildOptions = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Application code that is told when guilds fail.
     *
     * @param listener called for every guild of the engine
     * @return this
     */
    public EngineBuilder guildListener(GuildListener listener) {
        guildListener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Tells guilds whose presence changes, by events of type {@link Event#PRESENCE_UPDATE}. Without this they are told nothing;
     * {@link User#presence()} works all the same.
     *
     * @param options how; {@link PresenceOptions#DEFAULT} to begin with
     * @return this
     */
    public EngineBuilder presence(PresenceOptions options) {
        presence = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Opens the engine and starts its transports.
     *
     * @return a running engine
     * @throws IllegalArgumentException if a value is out of its range; the message names both
     * @throws IllegalStateException if a transport does not start; those that did are closed again
     */
    public Engine open() {
        return LocalEngine.open(new EngineConfig(
                laneExecutors,
                lanes,
                List.copyOf(transports),
                clock,
                blockingExecutor,
                subscriberParallelism,
                logCapacity,
                laneStallLimit,
                drainTimeout,
                maxRetainedBytes,
                turnBudget,
                sessionMajorFrom,
                maxGuilds,
                guildIdleTimeout,
                sessionListener == NO_LISTENER ? null : sessionListener,
                guildOptions,
                guildHandlers,
                guildListener,
                presence,
                audience));
    }
}
