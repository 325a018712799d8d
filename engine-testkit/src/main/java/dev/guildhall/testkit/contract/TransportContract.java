package dev.guildhall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a transport owes to an engine and its clients, from the outside: real threads, real clients. A transport's test extends this, says how
 * the transport and its clients are made, and passes.
 */
@Timeout(120)
public abstract class TransportContract extends ContractSuite {
    private static final int EVENTS = 2_000;

    /** A suite to be inherited. */
    protected TransportContract() {}

    private Engine open(TransportFixture fixture) {
        return Engine.builder()
                .transport(fixture.transport())
                .sessionListener(life)
                .open();
    }

    private Session subscribed(Guild guild) throws InterruptedException {
        Session session = life.nextOpened();
        session.subscribe(guild);
        return session;
    }

    private static void publish(Guild guild, int from, int to) {
        for (int i = from; i < to; i++) {
            guild.publish(Event.of("E", Integer.toString(i)));
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    final void everybodyGetsEverythingInOneOrderNumberedWithoutAGap() throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        try (Engine engine = open(fixture)) {
            Guild guild = engine.guild("g");
            List<RemoteClient> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(fixture.connect("user " + i));
                subscribed(guild);
            }
            publish(guild, 0, EVENTS);
            for (RemoteClient client : clients) {
                List<RemoteClient.Arrived> all = until(client, Integer.toString(EVENTS - 1));
                assertThat(texts(all)).isEqualTo(numbers(0, EVENTS));
                assertThat(all).allMatch(arrived -> arrived.type().equals("E"));
                assertNumbered(all);
            }
        }
    }

    @Test
    final void largeEventsArriveWhole() throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        try (Engine engine = open(fixture)) {
            RemoteClient client = fixture.connect("ann");
            Session session = life.nextOpened();
            assertThat(engine.user("ann").sessions()).containsExactly(session);
            String large = "\"" + "é".repeat(200_000) + "\"";
            for (int i = 0; i < 5; i++) {
                session.send(Event.of("LARGE", large));
                session.send(Event.of("SMALL", "" + i));
            }
            for (int i = 0; i < 5; i++) {
                assertThat(next(client).text()).isEqualTo(large);
                assertThat(next(client).text()).isEqualTo("" + i);
            }
        }
    }

    @Test
    final void commandsComeInTheOrderInWhichTheyWereSent() throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        try (Engine engine = open(fixture)) {
            assertThat(engine.user("ann").sessions()).isEmpty();
            RemoteClient client = fixture.connect("ann");
            for (int i = 0; i < 50; i++) {
                client.send(Integer.toString(i));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(nextCommand()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    final void whoeverDoesNotReadCostsNobodyElseAnythingAndCatchesUp() throws Exception {
        TransportFixture fixture = create(SessionOptions.builder()
                .maxBacklogEvents(1 << 16)
                .maxBacklogBytes(1 << 28)
                .build());
        try (Engine engine = open(fixture)) {
            Guild guild = engine.guild("g");
            RemoteClient slow = fixture.connect("slow");
            Session session = subscribed(guild);
            RemoteClient reader = fixture.connect("reader");
            subscribed(guild);
            slow.stall();
            int events = 0;
            while (engine.stats(session).toCompletableFuture().join().backlogEvents() == 0) {
                for (int i = 0; i < 64; i++) {
                    guild.publish(Event.of("E", KILOBYTE));
                    events++;
                }
                assertThat(events)
                        .as("events of a kilobyte that an idle connection takes")
                        .isLessThan(1 << 15);
            }
            guild.publish(Event.of("E", "0"));
            assertThat(until(reader, "0")).hasSize(events + 1);
            slow.unstall();
            List<RemoteClient.Arrived> all = until(slow, "0");
            assertThat(all).hasSize(events + 1);
            assertNumbered(all);
        }
    }

    @Test
    final void whoeverStaysBehindLosesTheConnection() throws Exception {
        TransportFixture fixture =
                create(SessionOptions.builder().maxBacklogEvents(128).build());
        try (Engine engine = open(fixture)) {
            Guild guild = engine.guild("g");
            RemoteClient slow = fixture.connect("slow");
            Session session = subscribed(guild);
            slow.stall();
            while (session.isAttached()) {
                guild.publish(Event.of("E", KILOBYTE));
            }
            assertThat(life.nextLost()).isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
            slow.unstall();
            assertThat(slow.isClosed(PATIENCE)).isTrue();
        }
    }

    @Test
    final void aGoodbyeEndsTheSession() throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        try (Engine engine = open(fixture)) {
            fixture.connect("ann").leave();
            assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.CLIENT_LEFT);
            assertThat(engine.user("ann").sessions()).isEmpty();
        }
    }

    @Test
    final void whoeverVanishesMissesNothing() throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        try (Engine engine = open(fixture)) {
            Guild guild = engine.guild("g");
            RemoteClient client = fixture.connect("ann");
            Session session = subscribed(guild);
            int published = 0;
            for (int round = 0; round < 5; round++) {
                publish(guild, published, published + 3);
                List<RemoteClient.Arrived> before = until(client, Integer.toString(published + 2));
                client.cut();
                assertThat(life.nextLost()).isEqualTo(CloseReason.Kind.CONNECTION_LOST);
                publish(guild, published + 3, published + 7);
                RemoteClient back = Objects.requireNonNull(client.resume().client(), "refused");
                List<RemoteClient.Arrived> missed = until(back, Integer.toString(published + 6));
                assertThat(texts(missed)).isEqualTo(numbers(published + 3, published + 7));
                assertThat(missed.getFirst().seq()).isEqualTo(before.getLast().seq() + 1);
                RemoteClient.Arrived mark = next(back);
                assertThat(mark.type()).isEqualTo(Event.RESUMED);
                assertThat(mark.seq()).isEqualTo(missed.getLast().seq() + 1);
                client = back;
                published += 7;
            }
            assertThat(session.isOpen()).isTrue();
        }
    }

    @Test
    final void aSecondConnectionOfASessionTakesThePlaceOfTheFirst() throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        try (Engine engine = open(fixture)) {
            Guild guild = engine.guild("g");
            RemoteClient first = fixture.connect("ann");
            subscribed(guild);
            publish(guild, 0, 1);
            next(first);
            RemoteClient second = Objects.requireNonNull(first.resume().client(), "refused");
            assertThat(life.nextLost()).isEqualTo(CloseReason.Kind.REPLACED);
            assertThat(first.isClosed(PATIENCE)).isTrue();
            publish(guild, 1, 2);
            assertThat(texts(until(second, "1"))).endsWith("1");
        }
    }

    @Test
    final void nobodyComesBackToASessionThatIsOver() throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        try (Engine engine = open(fixture)) {
            RemoteClient client = fixture.connect("ann");
            Session session = life.nextOpened();
            client.cut();
            life.nextLost();
            session.close(CloseReason.REQUESTED);
            assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.REQUESTED);
            assertThat(client.resume().client()).isNull();
            assertThat(engine.user("ann").sessions()).isEmpty();
        }
    }

    @Test
    final void theApplicationEndsASessionAfterWhatItHasSent() throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        try (Engine engine = open(fixture)) {
            RemoteClient client = fixture.connect("ann");
            Session session = life.nextOpened();
            session.send(Event.of("E", "1"));
            session.close(CloseReason.REQUESTED);
            assertThat(next(client).text()).isEqualTo("1");
            assertThat(client.isClosed(PATIENCE)).isTrue();
            assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.REQUESTED);
            assertThat(engine.user("ann").sessions()).isEmpty();
        }
    }

    @Test
    final void anEngineThatClosesDeliversWhatWasPublishedAndLetsNobodyInAnyMore() throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        Engine engine = open(fixture);
        Guild guild = engine.guild("g");
        RemoteClient client = fixture.connect("ann");
        subscribed(guild);
        publish(guild, 0, EVENTS);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(engine::close);
        assertThat(texts(until(client, Integer.toString(EVENTS - 1)))).isEqualTo(numbers(0, EVENTS));
        assertThat(client.isClosed(PATIENCE)).isTrue();
        closing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(client.next(MOMENT)).isNull();
        assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.ENGINE_CLOSED);
        assertThatThrownBy(() -> fixture.connect("late")).isInstanceOf(Exception.class);
        assertThat(engine.stats().sessions()).isZero(); // exact, as the lanes have come to their end
    }

    /** Time limits are the engine's; this is the one that a transport may get wrong by closing too much. */
    @Test
    final void aSessionIsOverWhenItsClientHasNotComeBackInTime() throws Exception {
        TransportFixture fixture = create(
                SessionOptions.builder().resumeWindow(Duration.ofMillis(200)).build());
        try (Engine engine = open(fixture)) {
            RemoteClient client = fixture.connect("ann");
            client.cut();
            assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.RESUME_EXPIRED);
            assertThat(client.resume().client()).isNull();
            assertThat(engine.user("ann").sessions()).isEmpty();
        }
    }
}
