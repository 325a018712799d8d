package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.GuildListener;
import dev.guildhall.GuildOptions;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import dev.guildhall.bench.baseline.SupervisedThread;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How soon are many guilds back that fail together? The handler of each of so many guilds throws on an event, and the clock stops when
 * each guild has a new handler and is available again: the shortest back-off there is lies between, a millisecond and up to a
 * quarter. An operation is the restart of all of them. Beside it, the same with a thread and a mailbox for each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "-XX:+UseG1GC",
            "-XX:+AlwaysPreTouch",
            "-Xms3g",
            "-Xmx3g",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"
        })
public class GuildRestartBenchmark {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** What fails. */
    public enum Contender {
        /** A guild's handler. */
        GUILDHALL,
        /** A virtual thread with a mailbox. */
        THREAD_PER_GUILD
    }

    /** What fails. */
    @Param
    public Contender contender = Contender.GUILDHALL;

    /** How many fail at once. */
    @Param({"1000", "100000"})
    public int guilds;

    private final Event failing = Event.of("FAIL", "");
    private final LongAdder started = new LongAdder();
    private final LongAdder available = new LongAdder();
    private Guild[] all = {};
    private SupervisedThread[] threads = {};
    private @Nullable Engine engine;
    private long expected;

    /** Starts all. */
    @Setup
    public void open() {
        if (contender == Contender.THREAD_PER_GUILD) {
            threads = new SupervisedThread[guilds];
            Arrays.setAll(threads, i -> SupervisedThread.start(available::increment));
            return;
        }
        Engine opened = Engine.builder()
                .maxGuilds(guilds)
                .guildIdleTimeout(Duration.ofHours(1))
                .guildOptions(GuildOptions.builder()
                        .backoff(SHORTEST, SHORTEST)
                        .maxRestarts(1_000, SHORTEST)
                        .build())
                .guildHandlers(id -> new Failing(started))
                .guildListener(new GuildListener() {
                    @Override
                    public void onAvailable(Guild guild) {
                        available.increment();
                    }
                })
                .open();
        engine = opened;
        all = new Guild[guilds];
        Event first = Event.of("FIRST", "");
        for (int i = 0; i < guilds; i++) {
            all[i] = opened.guild("guild-" + i);
            all[i].publish(first);
        }
        Patience.await("the start of all guilds", () -> started.sum() == guilds);
    }

    /** Closes all. */
    @TearDown
    public void close() {
        for (SupervisedThread thread : threads) {
            thread.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    /** Lets all fail, and waits until all are back. */
    @Benchmark
    public void restart() {
        for (Guild guild : all) {
            if (!guild.tryPublish(failing).isAccepted()) {
                throw new IllegalStateException(guild + " is not available");
            }
        }
        for (SupervisedThread thread : threads) {
            thread.tell(() -> {
                throw new IllegalStateException("told to fail");
            });
        }
        expected += guilds;
        Patience.await("the restart of all guilds", () -> available.sum() == expected);
    }

    private record Failing(LongAdder started) implements GuildHandler {
        @Override
        public void onStart(GuildContext guild) {
            started.increment();
        }

        @Override
        public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
            if (request.event().type().equals("FAIL")) {
                throw new IllegalStateException("told to fail");
            }
            return PublishDecision.accept();
        }
    }
}
