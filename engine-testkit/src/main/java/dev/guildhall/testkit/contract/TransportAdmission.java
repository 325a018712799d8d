package dev.guildhall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.CloseReason;
import dev.guildhall.DrainReport;
import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.ResumeResult.Reason;
import dev.guildhall.spi.Transport;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a transport begins and ends, and whom it lets in until then. */
abstract class TransportAdmission extends ContractSuite {
    /** As many as take a while. */
    static final int EVENTS = 2_000;

    private static final int ATTEMPTS = 3;

    /**
     * How the start of such a transport is made to fail. If nothing can make it, the test is left out:
     * {@code return Assumptions.abort("why")}.
     *
     * @return transports that do not start, and what is in their way
     * @throws Exception if that cannot be made
     */
    protected abstract FailingStart failingStart() throws Exception;

    /** An engine with a transport, and a guild. */
    final class Hall implements AutoCloseable {
        final TransportFixture fixture;
        final Engine engine;
        final Guild guild;

        Hall(SessionOptions options) throws Exception {
            this(options, UnaryOperator.identity());
        }

        Hall(SessionOptions options, UnaryOperator<EngineBuilder> change) throws Exception {
            fixture = create(options);
            engine = change.apply(
                            Engine.builder().transport(fixture.transport()).sessionListener(life))
                    .open();
            guild = engine.guild("g");
        }

        /** A client whose session is subscribed. */
        RemoteClient join(String user) throws Exception {
            RemoteClient client = fixture.connect(user);
            subscribeNext();
            return client;
        }

        /** Subscribes the session that was opened last. */
        Session subscribeNext() throws InterruptedException {
            Session session = life.nextOpened();
            session.subscribe(guild);
            return session;
        }

        void publish(int from, int to) {
            for (int i = from; i < to; i++) {
                guild.publish(Event.of("E", Integer.toString(i)));
            }
        }

        void letsNobodyIn() {
            assertThatThrownBy(() -> fixture.connect("late")).isInstanceOf(Exception.class);
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private static void assertRefused(RemoteClient.Resumed resumed, Reason reason) {
        assertThat(resumed.client()).as("the client's new end").isNull();
        assertThat(resumed.reason()).as("the reason, if it is told").isIn(null, reason);
    }

    // --- who comes back

    @Test
    final void nobodyComesBackToASessionThatIsOver() throws Exception {
        try (Hall hall = new Hall(SessionOptions.DEFAULT)) {
            RemoteClient client = hall.fixture.connect("ann");
            Session session = life.nextOpened();
            client.cut();
            life.nextLost();
            session.close(CloseReason.REQUESTED);
            assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.REQUESTED);
            assertRefused(client.resume(), Reason.EXPIRED);
            assertThat(hall.engine.user("ann").sessions()).isEmpty();
        }
    }

    /** Time limits are the engine's; this is the one that a transport may get wrong by closing too much. */
    @Test
    final void aSessionIsOverWhenItsClientHasNotComeBackInTime() throws Exception {
        SessionOptions brief =
                SessionOptions.builder().resumeWindow(Duration.ofMillis(200)).build();
        try (Hall hall = new Hall(brief)) {
            RemoteClient client = hall.fixture.connect("ann");
            client.cut();
            assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.RESUME_EXPIRED);
            assertRefused(client.resume(), Reason.EXPIRED);
            assertThat(hall.engine.user("ann").sessions()).isEmpty();
        }
    }

    @Test
    final void nobodyComesBackAsSomebodyElseOrFromANumberThatWasNeverGiven() throws Exception {
        try (Hall hall = new Hall(SessionOptions.DEFAULT)) {
            RemoteClient client = hall.join("ann");
            hall.publish(0, 1);
            long last = next(client).seq();
            assertRefused(client.resume("eve", last), Reason.UNKNOWN);
            assertRefused(client.resume("ann", last + 1_000), Reason.SEQ_AHEAD);
            assertRefused(client.resume("ann", -1), Reason.SEQ_INVALID);
            hall.publish(1, 2);
            assertThat(next(client).text())
                    .as("the connection that is there goes on")
                    .isEqualTo("1");
            client.cut();
            assertThat(life.nextLost()).isEqualTo(CloseReason.Kind.CONNECTION_LOST);
            assertRefused(client.resume("eve", last), Reason.UNKNOWN);
            RemoteClient back =
                    Objects.requireNonNull(client.resume("ann", last).client(), "refused");
            assertThat(next(back).text()).isEqualTo("1");
        }
    }

    @Test
    final void nobodyComesBackToWhatIsNoLongerKept() throws Exception {
        SessionOptions forgetful = SessionOptions.builder().maxReplayEvents(8).build();
        try (Hall hall = new Hall(forgetful)) {
            RemoteClient client = hall.join("ann");
            hall.publish(0, 100);
            List<RemoteClient.Arrived> all = until(client, "99");
            assertRefused(client.resume("ann", all.getFirst().seq()), Reason.SEQ_TRIMMED);
            long last = all.getLast().seq();
            RemoteClient back =
                    Objects.requireNonNull(client.resume("ann", last).client(), "refused");
            assertThat(next(back).type()).isEqualTo(Event.RESUMED);
        }
    }

    // --- the end

    /** Takes its time with what was published. */
    private record Busy(CountDownLatch isBusy, CountDownLatch mayGoOn) implements GuildHandler {

        @Override
        public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
            isBusy.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return PublishDecision.accept();
        }
    }

    @Test
    final void whileAnEngineDrainsConnectionsLiveOnAndNobodyIsLetIn() throws Exception {
        Busy busy = new Busy(new CountDownLatch(1), new CountDownLatch(1));
        try (Hall hall = new Hall(
                SessionOptions.DEFAULT,
                engine -> engine.drainTimeout(PATIENCE).guildHandlers(id -> id.equals("busy") ? busy : null))) {
            RemoteClient ann = hall.join("ann");
            RemoteClient bob = hall.join("bob");
            bob.cut();
            assertThat(life.nextLost()).isEqualTo(CloseReason.Kind.CONNECTION_LOST);
            hall.engine.guild("busy").tryPublish(Event.of("E", "0"));
            busy.isBusy.await();

            CompletableFuture<DrainReport> drained = hall.engine.drain().toCompletableFuture();
            hall.letsNobodyIn();
            refusedOrNotHeard(bob);
            refusedOrNotHeard(ann);
            hall.publish(0, 3);
            assertThat(texts(until(ann, "2"))).isEqualTo(numbers(0, 3));
            ann.send("7");
            assertThat(nextCommand()).isEqualTo("7");
            assertThat(drained).isNotDone();

            busy.mayGoOn.countDown();
            assertThat(drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).complete())
                    .isTrue();
            assertThat(ann.isClosed(PATIENCE)).isTrue();
            assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.ENGINE_CLOSED);
        } finally {
            busy.mayGoOn.countDown();
        }
    }

    /** A transport that has stopped accepting need not answer. */
    private static void refusedOrNotHeard(RemoteClient client) {
        RemoteClient.Resumed resumed;
        try {
            resumed = client.resume();
        } catch (Exception e) {
            return;
        }
        assertRefused(resumed, Reason.ENGINE_CLOSED);
    }

    @Test
    final void anEngineThatClosesDeliversWhatWasPublishedAndLetsNobodyInAnyMore() throws Exception {
        Hall hall = new Hall(SessionOptions.DEFAULT);
        RemoteClient client = hall.join("ann");
        hall.publish(0, EVENTS);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(hall::close);
        assertThat(texts(until(client, Integer.toString(EVENTS - 1)))).isEqualTo(numbers(0, EVENTS));
        assertThat(client.isClosed(PATIENCE)).isTrue();
        closing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(client.next(MOMENT)).isNull();
        assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.ENGINE_CLOSED);
        hall.letsNobodyIn();
        refusedOrNotHeard(client);
        assertThat(hall.engine.stats().sessions()).isZero(); // exact, as the lanes have come to their end
    }

    // --- the beginning

    @Test
    final void aStartThatFailsIsToldAndLeavesNothingBehind() throws Exception {
        FailingStart start = failingStart();
        try (AutoCloseable obstacle = start.obstacle()) {
            assertThat(obstacle).isNotNull();
            failsToOpen(start); // what is started once for the whole process is no leak
            Set<Thread> before = threads();
            for (int i = 0; i < ATTEMPTS; i++) {
                failsToOpen(start);
            }
            for (Thread thread : threads()) {
                assertThat(before.contains(thread) || thread.join(PATIENCE))
                        .as("%s ends", thread)
                        .isTrue();
            }
            TransportFixture other = create(SessionOptions.DEFAULT);
            assertThatThrownBy(() -> Engine.builder()
                            .transport(other.transport())
                            .transport(start.attempt().get())
                            .open())
                    .hasMessageContaining("did not start");
            assertThatThrownBy(() -> other.connect("ann"))
                    .as("one that had started")
                    .isInstanceOf(Exception.class);
        }
        Transport atLast = start.attempt().get();
        try (Engine engine = Engine.builder().transport(atLast).open()) {
            assertThat(engine.transports()).containsExactly(atLast);
        }
    }

    private static void failsToOpen(FailingStart start) {
        Transport transport = start.attempt().get();
        assertThatThrownBy(() -> Engine.builder().transport(transport).open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not start: ")
                .cause()
                .as("which says why")
                .message()
                .isNotBlank();
    }

    /** Those of the process, but for those that carry virtual threads, which come and go. */
    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> thread.getName().startsWith("ForkJoinPool"));
        return threads;
    }
}
