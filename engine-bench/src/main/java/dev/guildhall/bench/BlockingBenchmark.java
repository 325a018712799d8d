package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
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
 * How much do subscribers that block hold up those that do not? Of 1,000 subscribers every hundredth sleeps for a millisecond in each
 * call, or none does. 16 events are published; the clock stops when all those that never block have the last of them, and the others get
 * theirs before it starts again. An operation is one delivery to a subscriber that never blocks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms1g", "-Xmx1g"})
public class BlockingBenchmark {
    private static final int SESSIONS = 1_000;
    private static final int EVERY = 100;
    private static final int EVENTS = 16;
    private static final int DELIVERIES = (SESSIONS - SESSIONS / EVERY) * EVENTS;
    private static final int EVENT_BYTES = 128;
    private static final long BLOCKED_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How subscribers are called, and whether some block. */
    public enum Contender {
        /** Each from its own ring, on virtual threads; some block. */
        OWN_RING(false, true),
        /** The same; nobody blocks. */
        OWN_RING_NONE_BLOCKS(false, false),
        /** By the lane, which is the promise not to block; some do. */
        INLINE(true, true);

        private final boolean inline;
        private final boolean someBlock;

        Contender(boolean inline, boolean someBlock) {
            this.inline = inline;
            this.someBlock = someBlock;
        }
    }

    /** How subscribers are called. */
    @Param
    public Contender contender = Contender.OWN_RING;

    private final Event event = Event.of("BENCH", new byte[EVENT_BYTES]);
    private Recipient[] prompt = {};
    private Recipient[] slow = {};
    private @Nullable Engine engine;
    private @Nullable Guild guild;
    private long received;

    /** Opens the sessions. */
    @Setup
    public void open() {
        Engine opened = Engine.open();
        engine = opened;
        Guild entered = opened.guild("bench");
        guild = entered;
        SessionOptions options = contender.inline ? SessionOptions.DEFAULT.withInline() : SessionOptions.DEFAULT;
        slow = recipients(SESSIONS / EVERY);
        prompt = recipients(SESSIONS - slow.length);
        for (int i = 0; i < SESSIONS; i++) {
            boolean isSlow = i % EVERY == 0;
            boolean blocks = isSlow && contender.someBlock;
            Recipient recipient = isSlow ? slow[i / EVERY] : prompt[i - i / EVERY - 1];
            opened.openSession("bench", options, got -> {
                        if (blocks) {
                            LockSupport.parkNanos(BLOCKED_NANOS);
                        }
                        recipient.receive(got.payloadLength());
                    })
                    .subscribe(entered);
        }
    }

    private static Recipient[] recipients(int count) {
        return Stream.generate(Recipient::new).limit(count).toArray(Recipient[]::new);
    }

    /** Those that block get what they have not got yet. */
    @TearDown(Level.Invocation)
    public void drain() {
        Recipient.awaitAll(slow, received);
    }

    /** Closes them. */
    @TearDown
    public void close() {
        Objects.requireNonNull(engine).close();
    }

    /** Publishes, and waits for those that do not block. */
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void fanOut() {
        Guild target = Objects.requireNonNull(guild);
        for (int i = 0; i < EVENTS; i++) {
            target.publish(event);
        }
        received += EVENTS;
        Recipient.awaitAll(prompt, received);
    }
}
