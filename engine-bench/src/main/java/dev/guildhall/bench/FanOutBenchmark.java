package dev.guildhall.bench;

import dev.guildhall.bench.baseline.MailboxPerRecipient;
import dev.guildhall.bench.baseline.SubmissionPublisherFanOut;
import dev.guildhall.bench.baseline.ThreadPerRecipient;
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
 * How many deliveries a second does one guild make, and what does one allocate? Each invocation publishes as many 128-byte
 * events as make 2,000,000 deliveries and waits until the last recipient has the last of them, so nothing is left over when
 * the clock stops. An operation is one delivery.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms3g", "-Xmx3g"})
public class FanOutBenchmark {
    private static final int DELIVERIES = 2_000_000;
    private static final int EVENT_BYTES = 128;

    /** The ways to fan out. */
    public enum Contender {
        /** The engine with inline subscribers. */
        GUILDHALL,
        /** The engine with default subscribers, each on its own ring and on virtual threads. */
        GUILDHALL_OWN_RING,
        /** The engine with clients' sessions: numbered, kept in a ring for a resume, written to a connection. */
        GUILDHALL_RING,
        /** A mailbox per recipient, a virtual thread per activation. */
        MAILBOX_PER_RECIPIENT,
        /** A mailbox per recipient, a parked virtual thread each. */
        THREAD_PER_RECIPIENT,
        /** The JDK's SubmissionPublisher. */
        SUBMISSION_PUBLISHER;

        private FanOut open(Recipient[] recipients, byte[] event) {
            return switch (this) {
                case GUILDHALL -> GuildFanOut.inline(recipients, event);
                case GUILDHALL_RING -> GuildFanOut.ring(recipients, event);
                case GUILDHALL_OWN_RING -> GuildFanOut.ownRing(recipients, event);
                case MAILBOX_PER_RECIPIENT -> new MailboxPerRecipient(recipients, event);
                case THREAD_PER_RECIPIENT -> new ThreadPerRecipient(recipients, event);
                case SUBMISSION_PUBLISHER -> new SubmissionPublisherFanOut(recipients, event);
            };
        }
    }

    /** What fans out. */
    @Param
    public Contender contender = Contender.GUILDHALL;

    /** Recipients of each event. */
    @Param({"10", "100", "1000", "10000", "100000", "1000000"})
    public int sessions;

    private final byte[] event = new byte[EVENT_BYTES];
    private Recipient[] recipients = {};
    private FanOut fanOut = new NoFanOut();
    private long received;

    /** Opens the contender with its recipients. */
    @Setup
    public void open() {
        recipients = new Recipient[sessions];
        for (int i = 0; i < sessions; i++) {
            recipients[i] = new Recipient();
        }
        fanOut = contender.open(recipients, event);
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
        int events = DELIVERIES / sessions;
        for (int i = 0; i < events; i++) {
            fanOut.publish();
        }
        received += events;
        Recipient.awaitAll(recipients, received);
    }

    /** Stands in until the contender is opened. */
    private record NoFanOut() implements FanOut {
        @Override
        public void publish() {}

        @Override
        public void close() {}
    }
}
