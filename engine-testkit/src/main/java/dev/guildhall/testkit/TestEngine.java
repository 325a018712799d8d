package dev.guildhall.testkit;

import dev.guildhall.DrainReport;
import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An engine for a test: nothing of it runs before the test says so, time stands still until the test lets it pass, and clients
 * are objects. One seed gives one schedule of lanes, guilds and blocking code.
 *
 * <pre>{@code
 * try (TestEngine test = TestEngine.open()) {
 *     TestClient ann = test.connect("ann");
 *     ann.subscribe(test.guild("lobby"));
 *     test.guild("lobby").publish(Event.of("HELLO", "world"));
 *     EngineAssertions.assertThat(ann).received("HELLO").withoutGap();
 * }
 * }</pre>
 *
 * <p>To be used by the test's own thread; application code that waits for the engine goes into {@link #call}. Closing it looks
 * for leaks, see {@link #close}.
 */
public final class TestEngine implements AutoCloseable {
    /** System property by which a schedule is repeated: {@value}. */
    public static final String SEED_PROPERTY = "guildhall.seed";

    /** Bytes by which direct memory may grow unless the test says otherwise: as much as a pool of buffers may keep. */
    public static final long DEFAULT_MAX_DIRECT_MEMORY_GROWTH = 16L << 20;

    /** Time after which {@link #settle} gives up if the engine has threads: longer than anything takes on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final long seed;
    private final TestTasks tasks;
    private final ManualClock clock = new ManualClock();
    private final InMemoryTransport transport;
    private final Engine engine;
    private final List<TestClient> clients = new ArrayList<>();
    private final boolean mayLeaveSessions;
    private final boolean mayFail;
    private final long maxDirectMemoryGrowth;
    private final long directMemoryBefore = DirectMemory.used();
    private boolean closed;

    private TestEngine(Builder from) {
        seed = from.seed;
        tasks = from.hasThreads ? new ThreadedTasks(PATIENCE) : new SeededTasks(seed);
        transport = InMemoryTransport.create(from.clientCapacity);
        mayLeaveSessions = from.mayLeaveSessions;
        mayFail = from.mayFail;
        maxDirectMemoryGrowth = from.maxDirectMemoryGrowth;
        EngineBuilder builder = Engine.builder()
                .laneExecutors(IntStream.range(0, from.lanes)
                        .mapToObj(i -> tasks.lane())
                        .toList())
                .blockingExecutor(tasks.blocking())
                .clock(clock)
                .transport(transport);
        engine = from.configuration.apply(builder).open();
    }

    /**
     * An engine with two lanes and the defaults.
     *
     * @return an engine whose seed is that of {@value #SEED_PROPERTY}, or else random
     */
    public static TestEngine open() {
        return builder().open();
    }

    /**
     * Configures an engine.
     *
     * @return a builder with defaults
     * @throws IllegalArgumentException if the system property {@value #SEED_PROPERTY} is not a number
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The engine.
     *
     * @return the engine under test
     */
    public Engine engine() {
        return engine;
    }

    /**
     * A guild.
     *
     * @param id as of {@link Engine#guild}
     * @return the guild
     */
    public Guild guild(String id) {
        return engine.guild(id);
    }

    /**
     * The engine's clock. {@link #advance} lets time pass and runs what follows from it.
     *
     * @return the clock
     */
    public ManualClock clock() {
        return clock;
    }

    /**
     * What the schedule is made from.
     *
     * @return the seed; {@value #SEED_PROPERTY} repeats it
     */
    public long seed() {
        return seed;
    }

    /**
     * Connects a client on the next lane in turn.
     *
     * @param user who it is
     * @return the client, whose session is open
     */
    public TestClient connect(String user) {
        return connect(user, SessionOptions.DEFAULT);
    }

    /**
     * Connects a client whose session has other options.
     *
     * @param user who it is
     * @param options how its session is set up
     * @return the client, whose session is open
     */
    public TestClient connect(String user, SessionOptions options) {
        TestClient client = new TestClient(this, transport.connect(user, options));
        clients.add(client);
        return client;
    }

    /**
     * Runs everything that waits, and what comes of it, until nothing is left to do at this moment of the clock; clients that are not
     * stalled read what they are sent. With {@link Builder#realThreads} it waits until the engine's threads have done so.
     *
     * @throws AssertionError if there is no end of it
     */
    public void settle() {
        do {
            tasks.runAll();
            clients.forEach(TestClient::read);
        } while (tasks.waiting() > 0);
    }

    /**
     * Lets time pass, and runs what becomes due.
     *
     * @param span how much
     */
    public void advance(Duration span) {
        settle();
        clock.advance(span);
        settle();
    }

    /**
     * Runs the engine until a stage is complete.
     *
     * @param stage such as that of {@link Guild#ask}
     * @param <T> its result
     * @return the result
     * @throws CompletionException if the stage completes exceptionally
     * @throws AssertionError if nothing is left to run and it is not complete
     */
    public <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        settle();
        if (!future.isDone()) {
            throw new AssertionError(
                    "nothing is left to run, and " + stage + " is not complete; does it wait for time to pass?");
        }
        return future.join();
    }

    /**
     * Calls code that waits for the engine, such as {@link Guild#publish} in a guild with a handler, on a virtual thread, and runs the
     * engine whenever that waits.
     *
     * @param code what to call
     * @param <T> its result
     * @return the result
     * @throws Exception what the code throws
     * @throws AssertionError if nothing is left to run and the code still waits
     */
    public <T> T call(Callable<T> code) throws Exception {
        FutureTask<T> task = new FutureTask<>(Objects.requireNonNull(code, "code"));
        tasks.runUntilEndOf(Thread.ofVirtual().start(task));
        settle();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw e;
        }
    }

    /**
     * Lets all clients leave, looks for what is left then, closes the engine, and looks again. Doing it again changes nothing.
     *
     * @throws AssertionError that names what was leaked: sessions that application code has opened and not closed, subscriptions,
     *     messages that no handler has taken, tasks, direct memory; and if application code has thrown, unless {@link Builder#expectFailures} was said
     */
    @Override
    public void close() {
        List<String> leaks = closeAndLook();
        if (!leaks.isEmpty()) {
            throw new AssertionError(report(leaks));
        }
    }

    String report(List<String> leaks) {
        return "after the test" + (isRepeatable() ? ", with " + repetition() : "") + ": " + String.join("; ", leaks);
    }

    boolean isRepeatable() {
        return tasks instanceof SeededTasks;
    }

    /** What repeats the schedule. */
    String repetition() {
        return "-D" + SEED_PROPERTY + "=" + seed;
    }

    /** Closes; answers what was leaked. */
    List<String> closeAndLook() {
        if (closed) {
            return List.of();
        }
        closed = true;
        try {
            return look();
        } finally {
            tasks.end();
        }
    }

    private List<String> look() {
        List<String> leaks = new ArrayList<>();
        clients.forEach(TestClient::leave);
        settle();
        if (!mayLeaveSessions) {
            Leaks.ofSessions(engine, leaks);
        }
        Leaks.ofMailboxes(engine, leaks);
        CompletableFuture<DrainReport> drained = engine.drain().toCompletableFuture();
        settle();
        Leaks.ofEngine(engine, drained, tasks, leaks);
        Leaks.ofDirectMemory(directMemoryBefore, maxDirectMemoryGrowth, leaks);
        long failures = engine.stats().subscriberFailures() + engine.stats().guildFailures();
        if (failures > 0 && !mayFail) {
            leaks.add("application code has thrown " + failures
                    + " times, see the log; if that is meant, say expectFailures()");
        }
        return leaks;
    }

    @Override
    public String toString() {
        return "TestEngine[" + (isRepeatable() ? "seed=" + seed : "real threads") + ", " + tasks.waiting()
                + " tasks wait, " + clients.size() + " clients]";
    }

    /** Configures a {@link TestEngine}. Not for several threads at once. */
    public static final class Builder {
        private UnaryOperator<EngineBuilder> configuration = UnaryOperator.identity();
        private int lanes = 2;
        private int clientCapacity = InMemoryTransport.DEFAULT_CLIENT_CAPACITY;
        private long seed = seedOf(System.getProperty(SEED_PROPERTY));
        private boolean hasThreads;
        private boolean mayLeaveSessions;
        private boolean mayFail;
        private long maxDirectMemoryGrowth = DEFAULT_MAX_DIRECT_MEMORY_GROWTH;

        private Builder() {}

        static long seedOf(@Nullable String value) {
            if (value == null) {
                return new Random().nextLong();
            }
            try {
                return Long.decode(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "-D" + SEED_PROPERTY + " must be a whole number of 64 bits, was \"" + value + "\"", e);
            }
        }

        /**
         * Configures the engine itself: handlers, options, listeners. Lanes, executors, clock and transport are the kit's.
         *
         * @param change is given the builder
         * @return this
         */
        public Builder configure(UnaryOperator<EngineBuilder> change) {
            configuration = Objects.requireNonNull(change, "change");
            return this;
        }

        /**
         * Number of lanes.
         *
         * @param count 1 to 64; default 2
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder lanes(int count) {
            if (count < 1 || count > 64) {
                throw new IllegalArgumentException("lanes must be between 1 and 64, was " + count);
            }
            lanes = count;
            return this;
        }

        /**
         * Events that a client's connection holds while the client is not reading.
         *
         * @param events at least 1; default {@value InMemoryTransport#DEFAULT_CLIENT_CAPACITY}
         * @return this
         */
        public Builder clientCapacity(int events) {
            clientCapacity = events;
            return this;
        }

        /**
         * Another schedule.
         *
         * @param value default the system property {@value TestEngine#SEED_PROPERTY}, or else random
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Lanes and blocking code run on threads, several at once and as it happens, for what one thread cannot show: a data race in
         * application code. {@link TestEngine#settle} waits until nothing is left to run, for 20 seconds at most. What application code
         * has written before that, the test sees. Time is still the test's, and no seed repeats such a test.
         *
         * @return this
         */
        public Builder realThreads() {
            hasThreads = true;
            return this;
        }

        /**
         * The test leaves sessions of its own open, which is no leak then.
         *
         * @return this
         */
        public Builder leaveSessionsOpen() {
            mayLeaveSessions = true;
            return this;
        }

        /**
         * Application code throws in this test, as it is meant to.
         *
         * @return this
         */
        public Builder expectFailures() {
            mayFail = true;
            return this;
        }

        /**
         * How much more the process may hold in direct buffers, as {@code ByteBuffer.allocateDirect} makes them, after the test than before.
         * If it holds more, garbage is collected, and what is left after two seconds or so is a leak. All of the process counts, so tests
         * that run in parallel need more. What a library takes in another way does not count, Netty 4.2 on Java 25 for one.
         *
         * @param bytes at least 0, which allows nothing; default {@link TestEngine#DEFAULT_MAX_DIRECT_MEMORY_GROWTH}, 16 MiB, since
         *     a pool of buffers keeps chunks for as long as the process lives
         * @return this
         * @throws IllegalArgumentException if the number is negative
         */
        public Builder maxDirectMemoryGrowth(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("maxDirectMemoryGrowth must be at least 0, was " + bytes);
            }
            maxDirectMemoryGrowth = bytes;
            return this;
        }

        /**
         * Opens the engine.
         *
         * @return the engine, to be closed
         */
        public TestEngine open() {
            return new TestEngine(this);
        }
    }
}
