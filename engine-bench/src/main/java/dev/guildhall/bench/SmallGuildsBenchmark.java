package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.bench.baseline.MailboxPerRecipient;
import dev.guildhall.bench.baseline.ThreadPerRecipient;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * How many deliveries a second do many small guilds make together? One thread publishes to 1,000 guilds of 25 recipients in turn,
 * as many 128-byte events as make 1,000,000 deliveries, and waits until the last recipient of each has the last of them. An
 * operation is one delivery.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms2g", "-Xmx2g"})
public class SmallGuildsBenchmark {
    private static final int DELIVERIES = 1_000_000;
    private static final int RECIPIENTS = 25;
    private static final int EVENT_BYTES = 128;

    /** The ways to fan out. */
    public enum Contender {
        /** One engine, a guild for each group, inline subscribers. */
        GUILDHALL,
        /** A mailbox per recipient, a virtual thread per activation. */
        MAILBOX_PER_RECIPIENT,
        /** A mailbox per recipient, a parked virtual thread each. */
        THREAD_PER_RECIPIENT
    }

    /** What fans out. */
    @Param
    public Contender contender = Contender.GUILDHALL;

    /** Groups of 25 recipients; a divisor of 40,000. */
    @Param("1000")
    public int guilds;

    private @Nullable Engine engine;
    private Recipient[][] recipients = {};
    private FanOut[] groups = {};
    private long received;

    /** Opens the contender with its recipients. */
    @Setup
    public void open() {
        if (contender == Contender.GUILDHALL) {
            engine = Engine.open();
        }
        recipients = new Recipient[guilds][];
        groups = new FanOut[guilds];
        for (int i = 0; i < guilds; i++) {
            recipients[i] = Stream.generate(Recipient::new).limit(RECIPIENTS).toArray(Recipient[]::new);
            groups[i] = open(i, new byte[EVENT_BYTES]);
        }
    }

    private FanOut open(int group, byte[] event) {
        return switch (contender) {
            case GUILDHALL ->
                GuildFanOut.inline(Objects.requireNonNull(engine), "bench-" + group, recipients[group], event);
            case MAILBOX_PER_RECIPIENT -> new MailboxPerRecipient(recipients[group], event);
            case THREAD_PER_RECIPIENT -> new ThreadPerRecipient(recipients[group], event);
        };
    }

    /** Closes the contender. */
    @TearDown
    public void close() {
        for (FanOut group : groups) {
            group.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    /** Publishes and drains. */
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void fanOut() {
        int rounds = DELIVERIES / (guilds * RECIPIENTS);
        for (int round = 0; round < rounds; round++) {
            for (FanOut group : groups) {
                group.publish();
            }
        }
        received += rounds;
        for (Recipient[] group : recipients) {
            Recipient.awaitAll(group, received);
        }
    }
}
