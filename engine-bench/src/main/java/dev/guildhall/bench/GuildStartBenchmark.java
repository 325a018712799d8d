package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import dev.guildhall.bench.baseline.SupervisedThread;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many guilds a second start? One thread looks up 10,000 guilds that are not there and publishes an event in each; the clock
 * stops when every event is in its guild's order, or was handled. Each invocation has an engine of its own, opened and closed while
 * the clock stands. An operation is one guild.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms2g", "-Xmx2g"})
public class GuildStartBenchmark {
    private static final int GUILDS = 10_000;

    /** What is started. */
    public enum Contender {
        /** Guilds without a handler. */
        PLAIN,
        /** Guilds with a handler, which starts and handles the event on a virtual thread. */
        HANDLER,
        /** A mailbox and a virtual thread for each, found in a concurrent map. */
        THREAD_PER_GUILD
    }

    /** What is started. */
    @Param
    public Contender contender = Contender.PLAIN;

    private final String[] ids =
            IntStream.range(0, GUILDS).mapToObj(i -> "guild-" + i).toArray(String[]::new);
    private final Event event = Event.of("BENCH", "x");
    private final ConcurrentMap<String, SupervisedThread> threads = new ConcurrentHashMap<>();
    private LongAdder handled = new LongAdder();
    private @Nullable Engine engine;

    /** Nobody is there. */
    @Setup(Level.Invocation)
    public void open() {
        handled = new LongAdder();
        EngineBuilder builder = Engine.builder();
        if (contender == Contender.HANDLER) {
            LongAdder counted = handled;
            builder.guildHandlers(id -> new Counting(counted));
        }
        engine = builder.open();
    }

    /** Closes all. */
    @TearDown(Level.Invocation)
    public void close() {
        Objects.requireNonNull(engine).close();
        threads.values().forEach(SupervisedThread::close);
        threads.clear();
    }

    /** Starts all, and drains. */
    @Benchmark
    @OperationsPerInvocation(GUILDS)
    public void start() {
        Engine opened = Objects.requireNonNull(engine);
        switch (contender) {
            case PLAIN -> {
                publishInAll(opened);
                Patience.await("all events", () -> opened.stats().published() == GUILDS);
            }
            case HANDLER -> {
                publishInAll(opened);
                Patience.await("all handlers", () -> handled.sum() == GUILDS);
            }
            case THREAD_PER_GUILD -> {
                for (String id : ids) {
                    threads.computeIfAbsent(id, absent -> SupervisedThread.start(() -> {}))
                            .tell(handled::increment);
                }
                Patience.await("all threads", () -> handled.sum() == GUILDS);
            }
        }
    }

    private void publishInAll(Engine opened) {
        for (String id : ids) {
            if (!opened.guild(id).tryPublish(event).isAccepted()) {
                throw new IllegalStateException("not published in " + id);
            }
        }
    }

    private record Counting(LongAdder handled) implements GuildHandler {
        @Override
        public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
            handled.increment();
            return PublishDecision.accept();
        }
    }
}
