package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeResult;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
 * What does a resume cost, and replaying? A client comes back again and again on the lane of its session, and each time has
 * missed as many events: the secret is checked, the ring goes back, and everything missed is numbered and written to a connection
 * that takes it at once. An operation is one resume. Beside it, what writing alone takes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-Xms1g", "-Xmx1g"})
public class ResumeBenchmark {
    private static final int EVENT_BYTES = 128;

    /** Events that the client has missed. */
    @Param({"0", "128", "900"})
    public int missed;

    private final ManualLane lane = new ManualLane();
    private final Recipient recipient = new Recipient();
    private final Connection connection = lane.connect(recipient);
    private final Event event = Event.of("BENCH", new byte[EVENT_BYTES]);
    private @Nullable Engine engine;
    private @Nullable Attachment attachment;
    private long expected;

    /** Opens a session and sends it what its client will say it has missed. */
    @Setup
    public void open() {
        Engine opened = Engine.builder().transport(lane).open();
        engine = opened;
        Attachment first = lane.open(recipient);
        attachment = first;
        for (int i = 0; i < missed; i++) {
            first.session().send(event);
            lane.run();
        }
        expected = missed;
    }

    /** Closes it. */
    @TearDown
    public void close() {
        lane.close(Objects.requireNonNull(engine));
    }

    /** Comes back once. */
    @Benchmark
    public void resume() {
        lane.resume(Objects.requireNonNull(attachment), 0, recipient, this::answered);
        lane.run();
        expected += missed + 1; // and RESUMED
        if (recipient.received() != expected) {
            throw new IllegalStateException(recipient.received() + " events received instead of " + expected);
        }
    }

    /** Writes as many events, and the notice, to a connection and does nothing else. */
    @Benchmark
    public void write() {
        for (int i = 0; i <= missed && connection.isWritable(); i++) {
            connection.write(event, i);
        }
        connection.flush();
    }

    private void answered(ResumeResult result) {
        if (!(result instanceof ResumeResult.Resumed resumed)) {
            throw new IllegalStateException("the resume failed: " + result);
        }
        attachment = resumed.attachment();
    }
}
