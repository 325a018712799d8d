package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.memory.Received;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** An engine of two lanes, each of which runs when a test says so, and what its listener was told. */
final class TwoLanes {
    /** Of rings that wait to be used again; no multiple of what an event of these tests weighs. */
    private static final int EMPTY_RING_BYTES = 128 + 8 * 4;

    final ManualClock clock = new ManualClock();
    final SeededExecutor first = new SeededExecutor(1);
    final SeededExecutor second = new SeededExecutor(2);
    final SeededExecutor tasks = new SeededExecutor(3);
    final List<String> life = new ArrayList<>();
    final InMemoryTransport transport = InMemoryTransport.create(512);
    final Engine engine;
    final Guild guild;
    private int published;

    TwoLanes() {
        this(builder -> builder);
    }

    TwoLanes(UnaryOperator<EngineBuilder> more) {
        EngineBuilder builder = Engine.builder()
                .laneExecutors(List.of(first.serial(), second.serial()))
                .blockingExecutor(tasks)
                .clock(clock)
                .sessionListener(new Recorder())
                .transport(transport);
        engine = more.apply(builder).open();
        guild = engine.guild("g");
    }

    private final class Recorder implements SessionListener {
        @Override
        public void onOpened(Session session) {
            life.add("opened");
        }

        @Override
        public void onDetached(Session session, CloseReason reason) {
            life.add("detached " + reason.kind());
        }

        @Override
        public void onResumed(Session session, CloseReason lost) {
            life.add("resumed");
        }

        @Override
        public void onClosed(Session session, CloseReason reason) {
            life.add("closed " + reason.kind());
        }
    }

    void runAll() {
        int ran;
        do {
            ran = first.runAll() + second.runAll() + tasks.runAll();
        } while (ran > 0);
    }

    boolean isIdle() {
        return first.waiting() + second.waiting() + tasks.waiting() == 0;
    }

    InMemoryClient subscribed(SessionOptions options, int lane) {
        return subscribed(options, lane, guild);
    }

    InMemoryClient subscribed(SessionOptions options, int lane, Guild to) {
        InMemoryClient client =
                transport.connect("client", options, engine.lanes().get(lane));
        assertThat(client.session().subscribe(to).outcome()).isEqualTo(Outcome.ORDERED);
        runAll();
        return client;
    }

    InMemoryClient resume(InMemoryClient client, int lane) {
        return client.resume(engine.lanes().get(lane));
    }

    InMemoryClient resumeFrom(InMemoryClient client, long seq) {
        return transport.resume(new ResumeRequest(
                client.session().id(), client.secret(), seq, client.session().user()));
    }

    /** Publishes events whose payloads are their numbers. */
    void publish(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(guild.tryPublish(Event.of("E", Integer.toString(published++))))
                    .isEqualTo(Outcome.ORDERED);
        }
    }

    List<Received> read(InMemoryClient client) {
        List<Received> received = new ArrayList<>();
        do {
            runAll();
            for (Received next = client.poll(); next != null; next = client.poll()) {
                received.add(next);
            }
        } while (!isIdle());
        return received;
    }

    List<String> types(InMemoryClient client) {
        return read(client).stream().map(received -> received.event().type()).toList();
    }

    List<String> texts(InMemoryClient client) {
        return read(client).stream().map(received -> received.event().text()).toList();
    }

    ResumeResult.Reason refusal(InMemoryClient client) {
        runAll();
        assertThat(client.resumption().isDone()).isTrue();
        return ((ResumeResult.Refused) client.resumption().join()).reason();
    }

    /** Closes the engine; nothing may be left in it. */
    EngineStats drain() {
        CompletableFuture<?> drained = engine.drain().toCompletableFuture();
        runAll();
        assertThat(drained).isDone();
        EngineStats stats = engine.stats();
        assertThat(stats.sessions()).isZero();
        assertThat(stats.detached()).isZero();
        assertThat(stats.written() + stats.dropped() + stats.conflated()).isEqualTo(stats.delivered());
        assertThat(stats.retainedBytes() % EMPTY_RING_BYTES)
                .as("only empty rings are kept")
                .isZero();
        assertThat(guild.subscriptionCount()).isZero();
        return stats;
    }
}
