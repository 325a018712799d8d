package dev.guildhall.bench;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.bench.baseline.SessionThread;
import dev.guildhall.spi.Attachment;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * How many sessions a second open, subscribe and close? Threads open 20,000 sessions of as many users between them, each its share, and
 * subscribe each in one guild; when all are open they close them, and the clock stops when the last one has ended on its lane. An
 * operation is one session, from its opening to its end.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms2g", "-Xmx2g"})
public class SessionBenchmark {
    private static final int SESSIONS = 20_000;

    /** What is opened. */
    public enum Contender {
        /** Inline subscribers. */
        GUILDHALL_INLINE,
        /** Subscribers on rings of their own. */
        GUILDHALL_DEFAULT,
        /** Clients' sessions, which could be resumed; their clients say goodbye. */
        GUILDHALL_CLIENT,
        /** A mailbox and a virtual thread for each, listed in a concurrent set. */
        THREAD_PER_SESSION
    }

    /** What is opened. */
    @Param
    public Contender contender = Contender.GUILDHALL_DEFAULT;

    /** Threads that open and close; a divisor of 20,000. */
    @Param({"1", "2"})
    public int threads;

    private final String[] users =
            IntStream.range(0, SESSIONS).mapToObj(i -> "user-" + i).toArray(String[]::new);
    private @Nullable Crew crew;
    private @Nullable Sessions sessions;
    private long opened;

    /** Sessions by number; each is used by one thread. */
    private interface Sessions extends AutoCloseable {
        void open(int number, String user);

        void end(int number);

        /** How many have ended since the beginning. */
        long ended();

        @Override
        void close();
    }

    /** Opens the contender. */
    @Setup
    public void open() {
        crew = new Crew(threads);
        sessions = switch (contender) {
            case GUILDHALL_INLINE -> new OfSubscribers(SessionOptions.DEFAULT.withInline());
            case GUILDHALL_DEFAULT -> new OfSubscribers(SessionOptions.DEFAULT);
            case GUILDHALL_CLIENT -> new OfClients();
            case THREAD_PER_SESSION -> new OfThreads();
        };
    }

    /** Closes it. */
    @TearDown
    public void close() {
        Objects.requireNonNull(crew).close();
        Objects.requireNonNull(sessions).close();
    }

    /** Opens and closes all, and drains. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public void openAndClose() {
        Crew working = Objects.requireNonNull(crew);
        Sessions target = Objects.requireNonNull(sessions);
        working.run(thread -> {
            for (int i = thread; i < SESSIONS; i += threads) {
                target.open(i, users[i]);
            }
        });
        working.run(thread -> {
            for (int i = thread; i < SESSIONS; i += threads) {
                target.end(i);
            }
        });
        opened += SESSIONS;
        Patience.await("the end of all sessions", () -> target.ended() >= opened);
    }

    private static final class OfSubscribers implements Sessions {
        private final Engine engine = Engine.open();
        private final Guild guild = engine.guild("bench");
        private final Session[] sessions = new Session[SESSIONS];
        private final SessionOptions options;

        OfSubscribers(SessionOptions options) {
            this.options = options;
        }

        @Override
        public void open(int number, String user) {
            Session session = engine.openSession(user, options, event -> {});
            sessions[number] = session;
            session.subscribe(guild);
        }

        @Override
        public void end(int number) {
            sessions[number].close(CloseReason.REQUESTED);
        }

        @Override
        public long ended() {
            return engine.stats().sessionsClosed();
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static final class OfClients implements Sessions {
        private final DirectTransport transport = new DirectTransport();
        private final Engine engine = Engine.builder().transport(transport).open();
        private final Guild guild = engine.guild("bench");
        private final Attachment[] sessions = new Attachment[SESSIONS];
        private final DirectTransport.Link connection = new DirectTransport.Link(new Recipient());

        @Override
        public void open(int number, String user) {
            Attachment attachment = transport.open(number, user, SessionOptions.DEFAULT, connection);
            sessions[number] = attachment;
            attachment.session().subscribe(guild);
        }

        @Override
        public void end(int number) {
            sessions[number].closed(CloseReason.CLIENT_LEFT);
        }

        @Override
        public long ended() {
            return engine.stats().sessionsClosed();
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static final class OfThreads implements Sessions {
        private final Set<SessionThread> topic = ConcurrentHashMap.newKeySet();
        private final LongAdder ended = new LongAdder();
        private final SessionThread[] sessions = new SessionThread[SESSIONS];

        @Override
        public void open(int number, String user) {
            SessionThread session = SessionThread.open(topic, ended::increment);
            sessions[number] = session;
            session.subscribe();
        }

        @Override
        public void end(int number) {
            sessions[number].close();
        }

        @Override
        public long ended() {
            return ended.sum();
        }

        @Override
        public void close() {}
    }
}
