package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
 * What does a subscription cost that comes and goes? One thread subscribes 10,000 open sessions in a guild and unsubscribes them again,
 * and the clock stops when no lane has any of them left. An operation is one subscription, from its beginning to its end. Beside it,
 * what keeping a set of who is in a topic takes, which is the least a broker can do.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseG1GC", "-XX:+AlwaysPreTouch", "-Xms2g", "-Xmx2g"})
public class SubscriptionBenchmark {
    private static final int SESSIONS = 10_000;

    /** What a subscription is. */
    public enum Contender {
        /** A place in the guild's order, on the session's lane. */
        GUILDHALL,
        /** An entry of a concurrent set, made and removed by the same thread. */
        CONCURRENT_SET
    }

    /** What a subscription is. */
    @Param
    public Contender contender = Contender.GUILDHALL;

    private final Subscription[] subscriptions = new Subscription[SESSIONS];
    private final Set<Session> topic = ConcurrentHashMap.newKeySet();
    private final Session[] sessions = new Session[SESSIONS];
    private @Nullable Engine engine;

    /** Opens the sessions. */
    @Setup
    public void open() {
        Engine opened = Engine.open();
        engine = opened;
        for (int i = 0; i < SESSIONS; i++) {
            sessions[i] = opened.openSession("user-" + i, SessionOptions.DEFAULT, event -> {});
        }
    }

    /** Closes them. */
    @TearDown
    public void close() {
        Objects.requireNonNull(engine).close();
    }

    /** Subscribes and unsubscribes all, and drains. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public void subscribe() {
        if (contender == Contender.CONCURRENT_SET) {
            for (Session session : sessions) {
                topic.add(session);
            }
            for (Session session : sessions) {
                topic.remove(session);
            }
            return;
        }
        Guild guild = Objects.requireNonNull(engine).guild("bench");
        for (int i = 0; i < SESSIONS; i++) {
            subscriptions[i] = sessions[i].subscribe(guild);
        }
        for (Subscription subscription : subscriptions) {
            if (subscription.outcome() != Outcome.ORDERED) {
                throw new IllegalStateException("not subscribed: " + subscription);
            }
            subscription.unsubscribe();
        }
        Patience.await("the end of all subscriptions", () -> guild.subscriptionCount() == 0);
    }
}
