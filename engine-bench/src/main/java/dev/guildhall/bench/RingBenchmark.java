package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.internal.LaneSteps;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
 * What does a session's ring cost, and the order of the walk? Bursts of 16 events of 128 bytes are published and walked by one
 * lane, on the benchmark's thread. A session with a ring has default options, a connection, and keeps as much as it may for a
 * resume. An operation is one delivery.
 *
 * <p><b>The walk alone.</b> The clock runs while the burst is published and while the lane walks it for all sessions: match,
 * append the 16 events to the session's ring, put the session, which has its connection and waits for nothing, into the queue of
 * turns. It is stopped while the lane gives the marked sessions their turns, which write everything and forget what is too much
 * to keep; so each invocation finds the sessions as a running lane does, idle with a full replay, and their state out of the
 * cache. A lane would give the first sessions their turns before it walks for the last, which is the same work in smaller pieces.
 * What an invocation allocates is counted as a whole, walk and turns.
 *
 * <p><b>With writing.</b> The clock also runs while the turns do, in the pieces the lane chooses: each event is appended,
 * numbered, written to a connection that calls its receiver, kept, and an older one forgotten.
 *
 * <p><b>Parked.</b> The walk alone for clients that take nothing: before the clock starts each has had a turn in which it could
 * not write, so that the walk appends and marks nobody.
 *
 * <p><b>No ring.</b> The walk calls the receiver of each session with each event, and there is no connection: delivering is then
 * done, where a walk with rings has only queued. The ratio of the walks is what the rings add to a walk; the one with writing
 * compares all that is done.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms4g", "-Xmx4g"})
public class RingBenchmark {
    private static final int BURST = 16;
    private static final int SESSIONS = 100_000;
    private static final int DELIVERIES = SESSIONS * BURST;
    private static final int EVENT_BYTES = 128;

    /** What is walked, and how. */
    public enum Contender {
        /** Subscribers that the walk calls, session by session. */
        NO_RING(false, true, Clock.WALK),
        /** The same, event by event. */
        NO_RING_EVENT_MAJOR(false, false, Clock.WALK),
        /** Clients with a ring, session by session; the walk alone. For 100,000 sessions. */
        RING_WALK(true, true, Clock.WALK),
        /** The same, event by event. */
        RING_WALK_EVENT_MAJOR(true, false, Clock.WALK),
        /** The walk alone, session by session, for clients that take nothing. For 100,000 sessions. */
        RING_WALK_PARKED(true, true, Clock.WALK),
        /** Clients with a ring, session by session, until all is written. */
        RING(true, true, Clock.WALK_AND_TURNS),
        /** The same, event by event. */
        RING_EVENT_MAJOR(true, false, Clock.WALK_AND_TURNS);

        private final boolean ring;
        private final boolean sessionMajor;
        private final Clock clock;

        Contender(boolean ring, boolean sessionMajor, Clock clock) {
            this.ring = ring;
            this.sessionMajor = sessionMajor;
            this.clock = clock;
        }

        /** Whether it needs a single burst in an invocation: the sessions have their turns after it. */
        boolean isForLargestOnly() {
            return ring && clock == Clock.WALK;
        }
    }

    /** While what the clock runs. */
    private enum Clock {
        WALK,
        WALK_AND_TURNS
    }

    /** What is walked. */
    @Param
    public Contender contender = Contender.RING;

    /** Sessions of the guild; a divisor of 100,000. */
    @Param({"500", "1000", "2000", "4000", "10000", "100000"})
    public int sessions;

    private @Nullable Walk walk;

    /** Opens the sessions and fills their rings. */
    @Setup
    public void open() {
        if (contender.isForLargestOnly() && sessions != SESSIONS) {
            throw new IllegalArgumentException(contender + " needs " + SESSIONS + " sessions, not " + sessions);
        }
        Walk opened = new Walk(contender, sessions);
        walk = opened;
        for (int i = 0; i < SessionOptions.DEFAULT_MAX_REPLAY_EVENTS / BURST + 1; i++) {
            opened.publish();
            opened.run();
        }
    }

    /** Parks the clients if that is the question. */
    @Setup(Level.Invocation)
    public void prepare() {
        if (contender == Contender.RING_WALK_PARKED) {
            Objects.requireNonNull(walk).park();
        }
    }

    /** Turns write what was not written. */
    @TearDown(Level.Invocation)
    public void drain() {
        Objects.requireNonNull(walk).drain();
    }

    /** Closes them. */
    @TearDown
    public void close() {
        Objects.requireNonNull(walk).close();
    }

    /** Publishes bursts and walks them. */
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void deliver() {
        Walk opened = Objects.requireNonNull(walk);
        for (int bursts = SESSIONS / sessions; bursts > 0; bursts--) {
            opened.publish();
            if (contender.clock == Clock.WALK) {
                opened.walk();
            } else {
                opened.run();
            }
        }
    }

    /** A guild whose sessions are all on one lane. */
    private static final class Walk {
        private final ManualLane lane = new ManualLane();
        private final Contender contender;
        private final Engine engine;
        private final Guild guild;
        private final LaneSteps steps;
        private final Event event = Event.of("BENCH", new byte[EVENT_BYTES]);
        private final Recipient[] recipients;
        private final List<Session> opened = new ArrayList<>();
        private long received;

        Walk(Contender contender, int sessions) {
            this.contender = contender;
            engine = Engine.builder()
                    .transport(lane)
                    .sessionMajorFrom(contender.sessionMajor ? 1 : Integer.MAX_VALUE)
                    .open();
            guild = engine.guild("bench");
            steps = lane.steps(guild);
            recipients = new Recipient[sessions];
            for (int i = 0; i < sessions; i++) {
                recipients[i] = new Recipient();
                Session session = open(recipients[i]);
                session.subscribe(guild);
                opened.add(session);
                if (i % 1024 == 0) {
                    lane.run(); // each subscription takes a place in the guild's log
                }
            }
            lane.run();
        }

        private Session open(Recipient recipient) {
            return contender.ring
                    ? lane.open(lane.connect(recipient)).session()
                    : engine.openSession(
                            "bench",
                            SessionOptions.DEFAULT.withInline(),
                            event -> recipient.receive(event.payloadLength()));
        }

        void publish() {
            for (int i = 0; i < BURST; i++) {
                guild.publish(event);
            }
            received += BURST;
        }

        /** Walks, and gives nobody a turn. */
        void walk() {
            long delivered = steps.walk();
            boolean marks = contender.ring && contender != Contender.RING_WALK_PARKED;
            if (delivered != (long) opened.size() * BURST || steps.noneReady() == marks) {
                throw new IllegalStateException("the walk of a burst made " + delivered + " deliveries to "
                        + opened.size() + " sessions and marked " + (marks ? "none" : "some"));
            }
        }

        /** Walks and gives turns until nothing is left. */
        void run() {
            lane.run();
        }

        /** Every session has something that it could not write in its last turn. */
        void park() {
            lane.stall();
            publish();
            run();
        }

        void drain() {
            if (lane.isStalled()) {
                lane.unstall();
                opened.forEach(steps::ready);
            }
            run();
            Recipient.awaitAll(recipients, received);
        }

        void close() {
            lane.close(engine);
        }
    }
}
