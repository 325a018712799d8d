package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
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
 * What does a publish cost, depending on who gets it? Bursts of 16 events of 128 bytes are published in one guild and walked by one
 * lane, on the benchmark's thread. Every session has a ring and default options. Either what was walked is written too, and so each
 * delivery is appended, numbered, written, kept, and an older one forgotten; or the clients take nothing while the clock runs, which
 * leaves the walk alone. An operation is one event, whoever gets it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms4g", "-Xmx4g"})
public class AudienceBenchmark {
    private static final int BURST = 16;
    private static final int EVENTS = 64;
    private static final int EVENT_BYTES = 128;

    /** Every session has the first, every other the second too, every hundredth the third. */
    private static final int COMMON = 0;

    private static final int USUAL = 1;
    private static final int RARE = 2;

    /** Who gets an event. */
    public enum Contender {
        /** Everybody; no mask is looked at. */
        UNFILTERED,
        /** Everybody; each mask is looked at. */
        FULL_MATCH,
        /** Every other. */
        HALF,
        /** Every hundredth. */
        ONE_PERCENT,
        /** Every tenth; the others are passive. */
        PASSIVE
    }

    /** Who gets an event. */
    @Param
    public Contender contender = Contender.UNFILTERED;

    /** Sessions of the guild. */
    @Param("100000")
    public int sessions;

    /** Whether what was walked is written. */
    @Param({"true", "false"})
    public boolean writing;

    private @Nullable Walk walk;

    /** Opens the sessions and fills their rings. */
    @Setup
    public void open() {
        Walk opened = new Walk(contender, sessions);
        walk = opened;
        for (int i = 0; i < SessionOptions.DEFAULT_MAX_REPLAY_EVENTS / BURST + 1; i++) {
            opened.burst();
        }
    }

    /** Clients take nothing while the clock runs, if that is the question. */
    @Setup(Level.Invocation)
    public void stall() {
        if (!writing) {
            Objects.requireNonNull(walk).lane.stall();
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
        Walk opened = Objects.requireNonNull(walk);
        opened.lane.close(opened.engine);
    }

    /** Publishes bursts and walks them. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void publish() {
        Walk opened = Objects.requireNonNull(walk);
        for (int i = 0; i < EVENTS / BURST; i++) {
            opened.burst();
        }
    }

    /** A guild whose sessions are all on one lane. */
    private static final class Walk {
        final ManualLane lane = new ManualLane();
        final Engine engine;
        private final Guild guild;
        private final Event event;
        private final Recipient[] receiving;
        private final List<Attachment> attachments = new ArrayList<>();
        private long received;

        Walk(Contender contender, int sessions) {
            engine = Engine.builder().transport(lane).open();
            guild = engine.guild("bench");
            Event plain = Event.of("BENCH", new byte[EVENT_BYTES]);
            event = switch (contender) {
                case UNFILTERED, PASSIVE -> plain;
                case FULL_MATCH -> plain.needing(1L << COMMON);
                case HALF -> plain.needing(1L << USUAL);
                case ONE_PERCENT -> plain.needing(1L << RARE);
            };
            List<Recipient> recipients = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                Recipient recipient = new Recipient();
                if (subscribe(contender, i, recipient)) {
                    recipients.add(recipient);
                }
                if (i % 1024 == 0) {
                    lane.run(); // each entry takes a place in the guild's log
                }
            }
            lane.run();
            receiving = recipients.toArray(Recipient[]::new);
        }

        /** Answers whether it gets the events. */
        private boolean subscribe(Contender contender, int number, Recipient recipient) {
            Attachment attachment = lane.open("user-" + number, lane.connect(recipient), 0);
            attachments.add(attachment);
            Subscription subscription = attachment.session().subscribe(guild, interests(number));
            boolean isPassive = contender == Contender.PASSIVE && number % 10 != 0;
            if (isPassive) {
                subscription.setMode(Subscription.Mode.PASSIVE);
            }
            return switch (contender) {
                case UNFILTERED, FULL_MATCH -> true;
                case HALF -> number % 2 == 0;
                case ONE_PERCENT -> number % 100 == 0;
                case PASSIVE -> !isPassive;
            };
        }

        private static Interests interests(int number) {
            if (number % 100 == 0) {
                return Interests.of(COMMON, USUAL, RARE);
            }
            return number % 2 == 0 ? Interests.of(COMMON, USUAL) : Interests.of(COMMON);
        }

        void burst() {
            for (int i = 0; i < BURST; i++) {
                guild.publish(event);
            }
            lane.run();
            received += BURST;
        }

        void drain() {
            if (lane.isStalled()) {
                lane.unstall();
                attachments.forEach(Attachment::writable);
                lane.run();
            }
            Recipient.awaitAll(receiving, received);
        }
    }
}
