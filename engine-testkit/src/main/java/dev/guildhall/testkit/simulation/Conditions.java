package dev.guildhall.testkit.simulation;

import dev.guildhall.AudienceOptions;
import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.GuildOptions;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * What is small and what breaks in one schedule. Decided once, at its beginning, so that most schedules have few kinds of trouble
 * and go deep in these.
 *
 * @param logCapacity of each guild; small ones are lapped
 * @param smallBudget whether the engine may retain as little as possible, and events are large
 * @param byteBounds whether sessions have small bounds in bytes, and events are of all sizes
 * @param failing how often of a thousand calls a handler throws
 * @param maxRestarts after which a guild stays down
 * @param ticks whether handlers tick
 * @param breakingLinks whether connections break in the middle of calls
 * @param heldLanes whether lanes' executors wake up late
 * @param jumps whether the clock jumps
 * @param audiences whether interests and modes change and users are kicked
 * @param volatileEvents whether there are LATEST and EPHEMERAL ones
 */
record Conditions(
        int logCapacity,
        boolean smallBudget,
        boolean byteBounds,
        int failing,
        int maxRestarts,
        boolean ticks,
        boolean breakingLinks,
        boolean heldLanes,
        boolean jumps,
        boolean audiences,
        boolean volatileEvents) {

    static final int SMALL_LOG = 64;
    static final Duration STALL = Duration.ofSeconds(1);
    static final Duration RESUME_WINDOW = Duration.ofSeconds(90);
    static final Duration GUILD_IDLE = Duration.ofMinutes(5);
    static final int MAX_BACKLOG = 128;

    private static final List<OverflowPolicy> POLICIES = List.of(OverflowPolicy.values());
    private static final int LARGE_LOG = 1_024;
    private static final Duration BACKOFF = Duration.ofMillis(8);

    static Conditions of(Random random) {
        boolean smallBudget = random.nextInt(12) == 0;
        return new Conditions(
                random.nextInt(3) == 0 ? SMALL_LOG : LARGE_LOG,
                smallBudget,
                !smallBudget && random.nextInt(5) == 0,
                random.nextInt(3) == 0 ? 0 : 20 + random.nextInt(60),
                random.nextInt(4),
                random.nextInt(4) == 0,
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(3) == 0,
                random.nextBoolean(),
                random.nextBoolean());
    }

    boolean isSmallLog() {
        return logCapacity == SMALL_LOG;
    }

    EngineBuilder engine(Random random) {
        GuildOptions.Builder guilds =
                GuildOptions.builder().backoff(BACKOFF, BACKOFF).maxRestarts(maxRestarts, Duration.ofSeconds(1));
        EngineBuilder builder = Engine.builder()
                .logCapacity(logCapacity)
                .laneStallLimit(STALL)
                .guildIdleTimeout(GUILD_IDLE)
                .sessionMajorFrom(1 + random.nextInt(3))
                .turnBudget(random.nextBoolean() ? 64 : 1_024)
                .audience(AudienceOptions.DEFAULT.withUnreadPeriod(Duration.ofSeconds(5)))
                .guildOptions((ticks ? guilds.ticks(Duration.ofMillis(200)) : guilds).build());
        return smallBudget ? builder.maxRetainedBytes(EngineBuilder.MIN_RETAINED_BYTES) : builder;
    }

    SessionOptions session(Random random) {
        SessionOptions.Builder options = SessionOptions.builder()
                .maxBacklogEvents(MAX_BACKLOG)
                .maxReplayEvents(random.nextBoolean() ? 12 : 640)
                .resumeWindow(RESUME_WINDOW)
                .overflow(POLICIES.get(random.nextInt(3)));
        return (byteBounds ? options.maxBacklogBytes(4_096).maxReplayBytes(700) : options).build();
    }

    /** How large the payload of an event is. */
    int payloadSize(Random random) {
        if (smallBudget) {
            return 16_384;
        }
        if (!byteBounds) {
            return 1;
        }
        return random.nextInt(60) == 0 ? 5_000 : 1 << random.nextInt(9);
    }

    /** For each kind of trouble a name that {@link Trace} counts. */
    void count(Trace trace) {
        count(trace, "with a small log", isSmallLog());
        count(trace, "with a small budget", smallBudget);
        count(trace, "with bounds in bytes", byteBounds);
        count(trace, "with failing handlers", failing > 0);
    }

    private static void count(Trace trace, String name, boolean holds) {
        if (holds) {
            trace.count("schedules " + name);
        }
    }
}
