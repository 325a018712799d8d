package dev.guildhall.bench;

import dev.guildhall.Activity;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceOptions;
import dev.guildhall.Session;
import dev.guildhall.testkit.ManualClock;
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
 * What does a storm of presence cost a guild? Each of 1,000 users, all of them in one guild with a client's session, changes their
 * status five times; then the tick is due, and the clock stops when every session was written what the guild is told. Lane and tick
 * run on the benchmark's thread. An operation is one change. Beside it, the same changes as an event each, which is what a chat does
 * that announces them as they come.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms2g", "-Xmx2g"})
public class PresenceBenchmark {
    private static final int USERS = 1_000;
    private static final int CHANGES_OF_EACH = 5;
    private static final int CHANGES = USERS * CHANGES_OF_EACH;
    private static final int BURST = 64;

    /** How a change is told. */
    public enum Contender {
        /** At the tick, together with all others, if it still holds. */
        COALESCED,
        /** In an event of its own. */
        EVENT_PER_CHANGE
    }

    /** How a change is told. */
    @Param
    public Contender contender = Contender.COALESCED;

    private final ManualClock clock = new ManualClock();
    private final ManualLane lane = new ManualLane();
    private final Event change = Event.of(
            Event.PRESENCE_UPDATE,
            "{\"guild_id\":\"bench\",\"presences\":[{\"user\":\"user-1\",\"status\":\"idle\",\"activity\":null}]}");
    private final Session[] sessions = new Session[USERS];
    private final Recipient[] recipients =
            Stream.generate(Recipient::new).limit(USERS).toArray(Recipient[]::new);
    private @Nullable Engine engine;
    private @Nullable Guild guild;
    private int changes;
    private long received;

    /** Opens the sessions; the guild is told of all of them before the clock starts. */
    @Setup
    public void open() {
        Engine opened = Engine.builder()
                .transport(lane)
                .clock(clock)
                .blockingExecutor(Runnable::run)
                .presence(PresenceOptions.DEFAULT.withUsersPerEvent(USERS))
                .open();
        engine = opened;
        Guild entered = opened.guild("bench");
        guild = entered;
        for (int i = 0; i < USERS; i++) {
            sessions[i] = lane.open("user-" + i, lane.connect(recipients[i]), 0).session();
            sessions[i].subscribe(entered);
        }
        tick();
        received = recipients[0].received();
        Recipient.awaitAll(recipients, received);
    }

    /** Closes them. */
    @TearDown
    public void close() {
        lane.close(Objects.requireNonNull(engine));
    }

    /** All users change again and again, and everybody is told. */
    @Benchmark
    @OperationsPerInvocation(CHANGES)
    public void storm() {
        for (int i = 0; i < CHANGES_OF_EACH; i++) {
            changes++;
            if (contender == Contender.COALESCED) {
                changeAll(changes % 2 == 0 ? Status.ONLINE : Status.IDLE);
            } else {
                publishAll();
            }
        }
        if (contender == Contender.COALESCED) {
            tick();
            received++;
        } else {
            received += CHANGES;
        }
        Recipient.awaitAll(recipients, received);
    }

    private void changeAll(Status status) {
        for (Session session : sessions) {
            session.setPresence(status, Activity.NONE);
        }
    }

    private void publishAll() {
        Guild target = Objects.requireNonNull(guild);
        for (int i = 0; i < USERS; i++) {
            target.publish(change);
            if (i % BURST == BURST - 1) {
                lane.run();
            }
        }
        lane.run();
    }

    private void tick() {
        lane.run();
        clock.advance(PresenceOptions.DEFAULT_TICK);
        lane.run();
    }
}
