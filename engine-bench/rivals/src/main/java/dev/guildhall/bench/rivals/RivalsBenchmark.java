package dev.guildhall.bench.rivals;

import dev.guildhall.SessionOptions;
import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * How many deliveries a second does each contender make? Each invocation publishes as many 128-byte events as make 1,600,000
 * deliveries, or twice that, as fast as the contender takes them, and waits until the last recipient has the last of them, so nothing
 * is left over when the clock stops. An operation is one delivery: a call of the recipient with the event.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms4g", "-Xmx4g"})
public class RivalsBenchmark {
    static final int DELIVERIES = 1_600_000;
    private static final int EVENT_BYTES = 128;

    /** Events after which each of the engine's sessions keeps as many as it may for a resume, as one that has run for a while does. */
    private static final int FILLING = SessionOptions.DEFAULT_MAX_REPLAY_EVENTS + 64;

    /** Who fans out. */
    @Param
    public Contender contender = Contender.GUILDHALL;

    /** Who receives. */
    @Param
    public Scenario scenario = Scenario.ONE_OF_10000;

    private Recipient[][] recipients = {};
    private FanOut fanOut = new EachTopic(List.of());
    private long received;

    /** Opens the contender with its recipients. */
    @Setup
    public void open() {
        recipients = scenario.newRecipients();
        fanOut = contender.open(recipients, new byte[EVENT_BYTES]);
        if (contender == Contender.GUILDHALL) {
            publishAndDrain(FILLING);
        }
    }

    /** Closes the contender. */
    @TearDown
    public void close() {
        fanOut.close();
    }

    /** Publishes and drains. */
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void fanOut() {
        publishAndDrain(DELIVERIES / scenario.deliveriesOfEvent());
    }

    /** Publishes twice as many and drains, so that 100,000 recipients get more than a handful. */
    @Benchmark
    @OperationsPerInvocation(2 * DELIVERIES)
    public void fanOutToMany() {
        publishAndDrain(2 * DELIVERIES / scenario.deliveriesOfEvent());
    }

    private void publishAndDrain(int events) {
        for (int i = 0; i < events; i++) {
            fanOut.publish();
        }
        received += events;
        for (Recipient[] ofTopic : recipients) {
            Recipient.awaitAll(ofTopic, received);
        }
    }
}
