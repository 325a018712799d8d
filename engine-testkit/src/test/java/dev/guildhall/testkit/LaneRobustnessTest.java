package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.DrainReport;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lane must not be troubled by: a crowd in the line, transports that fail, code that never stops sending. */
@Timeout(60)
class LaneRobustnessTest {
    private static final SessionOptions INLINE = SessionOptions.DEFAULT.withInline();

    private final SeededExecutor executor = new SeededExecutor(5);
    private final ManualClock clock = new ManualClock();

    @Test
    void leavingAndComingBackDeliversNothingTwiceHoweverLongTheLine() {
        Engine engine = engine(InMemoryTransport.create());
        Guild guild = engine.guild("g");
        List<Session> crowd = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            crowd.add(engine.openSession("crowd", event -> {}));
        }
        List<Long> offsets = new ArrayList<>();
        Session session = engine.openSession("s", INLINE, event -> offsets.add(event.offset()));
        Subscription first = session.subscribe(guild);
        executor.runAll();
        crowd.forEach(other -> other.send(Event.of("E", "chatter")));
        first.unsubscribe();
        Subscription second = session.subscribe(guild);
        guild.tryPublish(Event.of("E", "once"));
        executor.runAll();
        assertThat(offsets).containsExactly(second.firstOffset());
        assertThat(guild.subscriptionCount()).isEqualTo(1);
    }

    @Test
    void whatWasSentBeforeACloseIsWritten() {
        InMemoryTransport transport = InMemoryTransport.create();
        engine(transport);
        InMemoryClient client = transport.connect("c");
        client.session().send(Event.of("E", "goodbye"));
        client.session().close(CloseReason.REQUESTED);
        executor.runAll();
        assertThat(client.poll())
                .isNotNull()
                .satisfies(received -> assertThat(received.event().text()).isEqualTo("goodbye"));
        assertThat(client.closed()).isCompletedWithValue(CloseReason.REQUESTED);
    }

    @Test
    void whatIsSentAndFollowedByACloseInTheMiddleOfATurnIsWritten() {
        BareTransport transport = new BareTransport();
        engine(transport);
        CompletableFuture<Session> session = new CompletableFuture<>();
        List<String> written = new ArrayList<>();
        session.complete(connect(transport, new Connection() {
            @Override
            public boolean isWritable() {
                return true;
            }

            @Override
            public void write(Event event, long seq) {
                written.add(event.text());
                if (seq == 1) { // as another thread might at this moment
                    session.join().send(Event.of("E", "goodbye"));
                    session.join().close(CloseReason.REQUESTED);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close(CloseReason reason, boolean resumable) {
                written.add("closed");
            }
        }));
        session.join().send(Event.of("E", "hello"));
        executor.runAll();
        assertThat(written).containsExactly("hello", "goodbye", "closed");
    }

    @Test
    void aConnectionThatFailsWithAnErrorCostsItsSessionTheConnectionOnly() {
        BareTransport transport = new BareTransport();
        Engine engine = engine(transport);
        Guild guild = engine.guild("g");
        List<String> others = new ArrayList<>();
        Session failing = connect(transport, new Failing());
        failing.subscribe(guild);
        engine.openSession("s", INLINE, event -> others.add(event.text())).subscribe(guild);
        guild.tryPublish(Event.of("E", "1"));
        executor.runAll();
        guild.tryPublish(Event.of("E", "2"));
        executor.runAll();
        assertThat(others).containsExactly("1", "2");
        assertThat(failing.isOpen()).isTrue();
        assertThat(failing.isAttached()).isFalse();
        clock.advance(SessionOptions.DEFAULT_RESUME_WINDOW);
        executor.runAll();
        assertThat(failing.closeReason()).isEqualTo(CloseReason.RESUME_EXPIRED);
    }

    @Test
    void anEngineEndsThoughItsSubscribersNeverStopSending() {
        Engine engine =
                Engine.builder().lanes(1).drainTimeout(Duration.ofMillis(50)).open();
        CompletableFuture<Session> ping = new CompletableFuture<>();
        CompletableFuture<Session> pong = new CompletableFuture<>();
        ping.complete(engine.openSession("ping", INLINE, event -> pong.join().send(event)));
        pong.complete(engine.openSession("pong", INLINE, event -> ping.join().send(event)));
        ping.join().send(Event.of("E", "ball"));
        CompletableFuture<DrainReport> drained = engine.drain().toCompletableFuture();
        assertThat(drained.orTimeout(20, TimeUnit.SECONDS).join().complete()).isFalse();
        assertThat(engine.stats().sessions()).isZero();
        assertThat(engine.stats().delivered())
                .isEqualTo(engine.stats().written() + engine.stats().dropped());
    }

    @Test
    void aHealthySubscriberWithASmallBacklogSurvivesABusyLane() {
        Engine engine = engine(InMemoryTransport.create());
        Guild guild = engine.guild("g");
        List<String> received = new ArrayList<>();
        Session small = engine.openSession(
                "small", SessionOptions.builder().maxBacklogEvents(128).build(), event -> received.add(event.text()));
        small.subscribe(guild);
        for (int i = 0; i < 2_000; i++) {
            guild.tryPublish(Event.of("E", "e" + i));
            if (i % 64 == 63) {
                executor.runAll();
            }
        }
        executor.runAll();
        assertThat(small.isOpen()).isTrue();
        assertThat(received).hasSize(2_000);
    }

    @Test
    void aTurnThatAnInlineSubscriberMakesLongIsSeen() {
        Engine engine = engine(InMemoryTransport.create());
        Guild guild = engine.guild("g");
        engine.openSession("slow", INLINE, event -> clock.advance(Duration.ofMillis(7)))
                .subscribe(guild);
        guild.tryPublish(Event.of("E", "x"));
        executor.runAll();
        assertThat(engine.stats().longestTurnNanos()).isEqualTo(7_000_000);
    }

    private Engine engine(Transport transport) {
        return Engine.builder()
                .laneExecutors(List.of(executor.serial()))
                .blockingExecutor(executor)
                .clock(clock)
                .transport(transport)
                .open();
    }

    private static Session connect(BareTransport transport, Connection connection) {
        return transport.open(SessionOptions.DEFAULT, connection).session();
    }

    /** Fails as a connection does whose transport has run out of direct memory. */
    private static final class Failing implements Connection {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(Event event, long seq) {
            throw new OutOfMemoryError("deliberate");
        }

        @Override
        public void flush() {}

        @Override
        public void close(CloseReason reason, boolean resumable) {
            throw new AssertionError("deliberate");
        }
    }
}
