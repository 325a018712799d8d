package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.SessionOptions;
import dev.guildhall.bench.baseline.MailboxPerRecipient;
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
 * Does it cost deliveries when more threads publish in one guild, or a lane does? As many threads publish 960 events of 128 bytes
 * between them, each its share, and the benchmark's thread waits until the last recipient has all; it does not publish itself, also if there
 * is one publisher only. An operation is one event, whoever published it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms2g", "-Xmx2g"})
public class PublishBenchmark {
    private static final int EVENTS = 960;
    private static final int EVENT_BYTES = 128;

    /** Who publishes, and to what. */
    public enum Contender {
        /** Threads of the application, to the engine. */
        GUILDHALL,
        /** A subscriber on a lane, in its call, with {@link Guild#tryPublish}; there is one. */
        GUILDHALL_LANE,
        /** Threads of the application, to a mailbox per recipient, a virtual thread per activation. */
        MAILBOX_PER_RECIPIENT
    }

    /** Who publishes. */
    @Param
    public Contender contender = Contender.GUILDHALL;

    /** Threads that publish; a divisor of 960. */
    @Param({"1", "2", "8"})
    public int publishers;

    /** Recipients of each event. */
    @Param("10000")
    public int sessions;

    private Recipient[] recipients = {};
    private @Nullable Crew crew;
    private @Nullable FanOut fanOut;
    private @Nullable FromLane fromLane;
    private long received;

    /** Opens the contender with its recipients. */
    @Setup
    public void open() {
        if (contender == Contender.GUILDHALL_LANE && publishers != 1) {
            throw new IllegalArgumentException("one lane publishes, not " + publishers);
        }
        recipients = Stream.generate(Recipient::new).limit(sessions).toArray(Recipient[]::new);
        byte[] payload = new byte[EVENT_BYTES];
        switch (contender) {
            case GUILDHALL -> fanOut = GuildFanOut.inline(recipients, payload);
            case GUILDHALL_LANE -> {
                fromLane = new FromLane(recipients, payload);
                received = 1;
            }
            case MAILBOX_PER_RECIPIENT -> fanOut = new MailboxPerRecipient(recipients, payload);
        }
        crew = new Crew(publishers);
    }

    /** Closes it. */
    @TearDown
    public void close() {
        Objects.requireNonNull(crew).close();
        if (fanOut != null) {
            fanOut.close();
        }
        if (fromLane != null) {
            fromLane.engine.close();
        }
    }

    /** Publishes and drains. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void publish() {
        if (fromLane != null) {
            fromLane.publish();
        } else {
            Objects.requireNonNull(crew).run(this::publishShare);
        }
        received += EVENTS;
        Recipient.awaitAll(recipients, received);
    }

    private void publishShare(int publisher) {
        FanOut target = Objects.requireNonNull(fanOut);
        for (int i = EVENTS / publishers; i > 0; i--) {
            target.publish();
        }
    }

    /** An engine in which a subscriber of one guild publishes everything in another one when it is told to. */
    private static final class FromLane {
        final Engine engine = Engine.open();
        private final Guild trigger = engine.guild("trigger");
        private final Event go = Event.of("GO", "");

        FromLane(Recipient[] recipients, byte[] payload) {
            Guild guild = engine.guild("bench");
            Event event = Event.of("BENCH", payload);
            SessionOptions inline = SessionOptions.DEFAULT.withInline();
            for (Recipient recipient : recipients) {
                engine.openSession("bench", inline, got -> recipient.receive(got.payloadLength()))
                        .subscribe(guild);
            }
            engine.openSession("publisher", inline, told -> publishAll(guild, event))
                    .subscribe(trigger);
            guild.publish(event); // when it has arrived, no subscription takes a place in the log any more
            Recipient.awaitAll(recipients, 1);
        }

        void publish() {
            trigger.publish(go);
        }

        private static void publishAll(Guild guild, Event event) {
            for (int i = 0; i < EVENTS; i++) {
                if (guild.tryPublish(event) != Outcome.ORDERED) {
                    throw new IllegalStateException("the log, whose events were all delivered, has no room");
                }
            }
        }
    }
}
