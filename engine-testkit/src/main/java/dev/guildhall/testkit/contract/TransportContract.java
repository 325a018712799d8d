package dev.guildhall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a transport owes to an engine and its clients, from the outside: real threads, real clients. A transport's test extends this, says how
 * the transport and its clients are made, and passes.
 */
@Timeout(120)
public abstract class TransportContract extends TransportAdmission {
    /** A suite to be inherited. */
    protected TransportContract() {}

    @Test
    final void everybodyGetsEverythingInOneOrderNumberedWithoutAGap() throws Exception {
        try (Hall hall = new Hall(SessionOptions.DEFAULT)) {
            List<RemoteClient> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(hall.join("user " + i));
            }
            hall.publish(0, EVENTS);
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
        try (Hall hall = new Hall(SessionOptions.DEFAULT)) {
            RemoteClient client = hall.fixture.connect("ann");
            Session session = life.nextOpened();
            assertThat(hall.engine.user("ann").sessions()).containsExactly(session);
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
        try (Hall hall = new Hall(SessionOptions.DEFAULT)) {
            assertThat(hall.engine.user("ann").sessions()).isEmpty();
            RemoteClient client = hall.fixture.connect("ann");
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
        SessionOptions patient = SessionOptions.builder()
                .maxBacklogEvents(1 << 16)
                .maxBacklogBytes(1 << 28)
                .build();
        try (Hall hall = new Hall(patient)) {
            RemoteClient slow = hall.fixture.connect("slow");
            Session session = hall.subscribeNext();
            RemoteClient reader = hall.join("reader");
            slow.stall();
            int events = 0;
            while (hall.engine.stats(session).toCompletableFuture().join().backlogEvents() == 0) {
                for (int i = 0; i < 64; i++) {
                    hall.guild.publish(Event.of("E", KILOBYTE));
                    events++;
                }
                assertThat(events)
                        .as("events of a kilobyte that an idle connection takes")
                        .isLessThan(1 << 15);
            }
            hall.guild.publish(Event.of("E", "0"));
            assertThat(until(reader, "0")).hasSize(events + 1);
            slow.unstall();
            List<RemoteClient.Arrived> all = until(slow, "0");
            assertThat(all).hasSize(events + 1);
            assertNumbered(all);
        }
    }

    @Test
    final void whoeverStaysBehindLosesTheConnection() throws Exception {
        SessionOptions small = SessionOptions.builder().maxBacklogEvents(128).build();
        try (Hall hall = new Hall(small)) {
            RemoteClient slow = hall.fixture.connect("slow");
            Session session = hall.subscribeNext();
            slow.stall();
            while (session.isAttached()) {
                hall.guild.publish(Event.of("E", KILOBYTE));
            }
            assertThat(life.nextLost()).isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
            slow.unstall();
            assertThat(slow.isClosed(PATIENCE)).isTrue();
        }
    }

    @Test
    final void aGoodbyeEndsTheSession() throws Exception {
        try (Hall hall = new Hall(SessionOptions.DEFAULT)) {
            hall.fixture.connect("ann").leave();
            assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.CLIENT_LEFT);
            assertThat(hall.engine.user("ann").sessions()).isEmpty();
        }
    }

    @Test
    final void whoeverVanishesMissesNothing() throws Exception {
        try (Hall hall = new Hall(SessionOptions.DEFAULT)) {
            RemoteClient client = hall.fixture.connect("ann");
            Session session = hall.subscribeNext();
            int published = 0;
            for (int round = 0; round < 5; round++) {
                hall.publish(published, published + 3);
                List<RemoteClient.Arrived> before = until(client, Integer.toString(published + 2));
                client.cut();
                assertThat(life.nextLost()).isEqualTo(CloseReason.Kind.CONNECTION_LOST);
                hall.publish(published + 3, published + 7);
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
        try (Hall hall = new Hall(SessionOptions.DEFAULT)) {
            RemoteClient first = hall.join("ann");
            hall.publish(0, 1);
            next(first);
            RemoteClient second = Objects.requireNonNull(first.resume().client(), "refused");
            assertThat(life.nextLost()).isEqualTo(CloseReason.Kind.REPLACED);
            assertThat(first.isClosed(PATIENCE)).isTrue();
            hall.publish(1, 2);
            assertThat(texts(until(second, "1"))).endsWith("1");
        }
    }

    @Test
    final void theApplicationEndsASessionAfterWhatItHasSent() throws Exception {
        try (Hall hall = new Hall(SessionOptions.DEFAULT)) {
            RemoteClient client = hall.fixture.connect("ann");
            Session session = life.nextOpened();
            session.send(Event.of("E", "1"));
            session.close(CloseReason.REQUESTED);
            assertThat(next(client).text()).isEqualTo("1");
            assertThat(client.isClosed(PATIENCE)).isTrue();
            assertThat(life.nextClosed()).isEqualTo(CloseReason.Kind.REQUESTED);
            assertThat(hall.engine.user("ann").sessions()).isEmpty();
        }
    }
}
