package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
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
 * What does a session's ring cost, and the order of the walk? Bursts of 16 events of 128 bytes are walked by one lane, on the
 * benchmark's thread. A session with a ring has default options and keeps as much as it may for a resume. Either all that was
 * walked is written too, and so each event is appended, numbered, written, kept, and an older one forgotten; or the clients take
 * nothing while the clock runs, which leaves the walk alone. An operation is one delivery.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-Xms4g", "-Xmx4g"})
public class RingBenchmark {
    private static final int BURST = 16;
    private static final int DELIVERIES = 6_400_000;
    private static final int EVENT_BYTES = 128;
    private static final int SMALLEST_WALK = DELIVERIES / SessionOptions.DEFAULT_MAX_BACKLOG_EVENTS;

    /** What is walked, and how. */
    public enum Contender {
        /** Subscribers that the walk calls, session by session. */
        NO_RING,
        /** The same, event by event. */
        NO_RING_EVENT_MAJOR,
        /** Clients with a ring, session by session, until all is written. */
        RING,
        /** The same, event by event. */
        RING_EVENT_MAJOR,
        /** Clients with a ring, session by session; only the walk is timed. For 100,000 sessions. */
        RING_WALK,
        /** The same, event by event. */
        RING_WALK_EVENT_MAJOR;

        boolean hasRing() {
            return this != NO_RING && this != NO_RING_EVENT_MAJOR;
        }

        boolean isSessionMajor() {
            return this == NO_RING || this == RING || this == RING_WALK;
        }

        boolean isWritingTimed() {
            return this != RING_WALK && this != RING_WALK_EVENT_MAJOR;
        }
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
        Walk opened = new Walk(contender, sessions);
        walk = opened;
        if (!contender.isWritingTimed() && sessions < SMALLEST_WALK) {
            throw new IllegalArgumentException(
                    "the events of an operation must fit into a backlog, so " + sessions + " sessions are too few");
        }
        for (int i = 0; i < SessionOptions.DEFAULT_MAX_REPLAY_EVENTS / BURST + 1; i++) {
            opened.burst();
        }
    }

    /** Clients take nothing while the clock runs, if that is the question. */
    @Setup(Level.Invocation)
    public void stall() {
        if (!contender.isWritingTimed()) {
            Objects.requireNonNull(walk).stall();
        }
    }

    /** Clients take what was not written. */
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
        for (int bursts = DELIVERIES / BURST / sessions; bursts > 0; bursts--) {
            opened.burst();
        }
    }

    /** A guild whose sessions are all on one lane. */
    private static final class Walk {
        private final ManualLane lane = new ManualLane();
        private final Engine engine;
        private final Guild guild;
        private final Event event = Event.of("BENCH", new byte[EVENT_BYTES]);
        private final Recipient[] recipients;
        private final List<Attachment> attachments = new ArrayList<>();
        private long received;

        Walk(Contender contender, int sessions) {
            engine = Engine.builder()
                    .transport(lane)
                    .sessionMajorFrom(contender.isSessionMajor() ? 1 : Integer.MAX_VALUE)
                    .open();
            guild = engine.guild("bench");
            recipients = new Recipient[sessions];
            for (int i = 0; i < sessions; i++) {
                recipients[i] = new Recipient();
                open(contender, recipients[i]).subscribe(guild);
                if (i % 1024 == 0) {
                    lane.run(); // each subscription takes a place in the guild's log
                }
            }
            lane.run();
        }

        private Session open(Contender contender, Recipient recipient) {
            if (contender.hasRing()) {
                Attachment attachment = lane.open(recipient);
                attachments.add(attachment);
                return attachment.session();
            }
            return engine.openSession(
                    "bench", SessionOptions.DEFAULT.withInline(), event -> recipient.receive(event.payloadLength()));
        }

        void burst() {
            for (int i = 0; i < BURST; i++) {
                guild.publish(event);
            }
            lane.run();
            received += BURST;
        }

        void stall() {
            lane.stall();
        }

        void drain() {
            if (lane.unstall()) {
                attachments.forEach(Attachment::writable);
                lane.run();
            }
            Recipient.awaitAll(recipients, received);
        }

        void close() {
            lane.close(engine);
        }
    }
}
