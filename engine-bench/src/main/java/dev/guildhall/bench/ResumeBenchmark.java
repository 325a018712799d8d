package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
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
 * What does a resume cost, and replaying? A client with one subscription comes back again and again, and each time has missed
 * as many events, all different: the secret is checked, the ring goes back, and everything missed is numbered and written to a
 * connection that takes it at once. It comes back on the lane of its session, or each time on the other of two lanes, to which the
 * session moves. An operation is one resume. Beside it, what writing alone takes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms1g", "-Xmx1g"})
public class ResumeBenchmark {
    private static final int EVENT_BYTES = 128;

    /** Events that the client has missed. */
    @Param({"0", "128", "900"})
    public int missed;

    private final ManualLane lanes = new ManualLane(2);
    private final Recipient recipient = new Recipient();
    private final Connection connection = lanes.connect(recipient);
    private Event[] events = {};
    private @Nullable Engine engine;
    private @Nullable Attachment attachment;
    private int lane;
    private long expected;

    /** Opens a session and sends it what its client will say it has missed. */
    @Setup
    public void open() {
        Engine opened = Engine.builder().transport(lanes).open();
        engine = opened;
        Guild guild = opened.guild("bench");
        for (int other = 0; other < 2; other++) { // the guild has a slice on both lanes, whoever moves
            lanes.open(lanes.connect(new Recipient()), other).session().subscribe(guild);
        }
        Attachment first = lanes.open(connection, lane);
        attachment = first;
        first.session().subscribe(guild);
        events = new Event[missed + 1];
        for (int i = 0; i <= missed; i++) {
            events[i] = Event.of("BENCH", new byte[EVENT_BYTES]);
        }
        for (int i = 0; i < missed; i++) {
            first.session().send(events[i]);
            lanes.run();
        }
        expected = missed;
    }

    /** Closes it. */
    @TearDown
    public void close() {
        lanes.close(Objects.requireNonNull(engine));
    }

    /** Comes back once. */
    @Benchmark
    public void resume() {
        lanes.resume(Objects.requireNonNull(attachment), 0, lane, lanes.connect(recipient), this::answered);
        lanes.run();
        expected += missed + 1; // and RESUMED
        if (recipient.received() != expected) {
            throw new IllegalStateException(recipient.received() + " events received instead of " + expected);
        }
    }

    /** Comes back once, on the other lane. */
    @Benchmark
    public void move() {
        lane = 1 - lane;
        resume();
    }

    /** Writes as many events, and the notice, to a connection and does nothing else. */
    @Benchmark
    public void write() {
        for (int i = 0; i <= missed && connection.isWritable(); i++) {
            connection.write(events[i], i);
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
