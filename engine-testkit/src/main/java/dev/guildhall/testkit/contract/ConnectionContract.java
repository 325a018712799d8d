package dev.guildhall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Connection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a transport's {@link Connection} owes to a session: its calls are made here one by one, on the connection's lane, as the session
 * makes them, and what the transport tells the session is looked at.
 */
@Timeout(120)
public abstract class ConnectionContract extends ContractSuite {
    /** A suite to be inherited. */
    protected ConnectionContract() {}

    /** A connection that is at rest, at both ends. */
    private final class Link {
        final RemoteClient client;
        final WatchedTransport.Link watched;
        private long seq;

        Link(TransportFixture fixture, WatchedTransport transport) throws Exception {
            client = fixture.connect("ann");
            watched = taken(transport.nextLink(PATIENCE), "a connection");
            Session session = life.nextOpened();
            session.send(Event.of("FIRST", "0"));
            seq = next(client).seq();
        }

        <T> T onLane(Supplier<T> call) {
            CompletableFuture<T> done = new CompletableFuture<>();
            watched.lane().execute(() -> {
                try {
                    done.complete(call.get());
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            });
            return done.join();
        }

        void onLane(Runnable call) {
            boolean done = onLane(() -> {
                call.run();
                return true;
            });
            assertThat(done).isTrue();
        }

        void write(String text) {
            watched.connection().write(Event.of("E", text), ++seq);
        }
    }

    /** What a test does with a connection. */
    private interface Play {
        void with(Link link) throws Exception;
    }

    private void play(Play play) throws Exception {
        TransportFixture fixture = create(SessionOptions.DEFAULT);
        WatchedTransport transport = new WatchedTransport(fixture.transport());
        try (Engine engine = Engine.builder()
                .laneExecutors(transport.executorsIfNone())
                .transport(transport)
                .sessionListener(life)
                .open()) {
            assertThat(engine.stats().sessions()).isZero();
            play.with(new Link(fixture, transport));
        } finally {
            transport.end();
        }
    }

    @Test
    final void whatIsWrittenArrivesInOrderWithItsNumbersHoweverItIsBatched() throws Exception {
        long seed = Long.getLong("guildhall.seed", new Random().nextLong());
        Random random = new Random(seed);
        AtomicInteger written = new AtomicInteger();
        play(link -> {
            for (int batch = 0; batch < 200; batch++) {
                int size = 1 + random.nextInt(64);
                link.onLane(() -> {
                    for (int i = 0; i < size; i++) {
                        link.write(Integer.toString(written.getAndIncrement()));
                    }
                    link.watched.connection().flush();
                });
                if (random.nextInt(4) == 0) {
                    List<RemoteClient.Arrived> all = until(link.client, Integer.toString(written.get() - 1));
                    assertThat(all.getLast().seq()).as("seed %d", seed).isEqualTo(link.seq);
                    assertNumbered(all);
                }
            }
        });
    }

    @Test
    final void aConnectionThatIsNotReadTakesABoundedAmountAndTellsWhenItCanTakeMore() throws Exception {
        play(link -> {
            link.client.stall();
            int written = link.onLane(() -> {
                int count = 0;
                while (link.watched.connection().isWritable() && count < 1 << 15) {
                    link.write(KILOBYTE);
                    link.watched.connection().flush();
                    count++;
                }
                return count;
            });
            assertThat(written).as("kilobytes until it is not writable").isLessThan(1 << 15);
            link.watched.forgetCalls();
            link.client.unstall();
            assertThat(link.watched.awaitCall("writable", PATIENCE)).isTrue();
            assertThat(link.onLane(() -> link.watched.connection().isWritable()))
                    .isTrue();
            for (int i = 0; i < written; i++) {
                assertThat(next(link.client).text()).isEqualTo(KILOBYTE);
            }
        });
    }

    @Test
    final void aCloseComesAfterWhatWasWritten() throws Exception {
        play(link -> {
            link.onLane(() -> {
                Connection connection = link.watched.connection();
                link.write("1");
                connection.flush();
                connection.close(new CloseReason(CloseReason.Kind.SLOW_CONSUMER, "too slow"), true);
            });
            assertThat(next(link.client).text()).isEqualTo("1");
            assertThat(link.client.isClosed(PATIENCE)).isTrue();
            assertThat(link.client.next(MOMENT)).isNull();
        });
    }

    @Test
    final void aGoodbyeIsToldAsOne() throws Exception {
        play(link -> {
            link.client.leave();
            assertThat(link.watched.awaitCall("closed CLIENT_LEFT", PATIENCE)).isTrue();
        });
    }

    @Test
    final void aLossIsToldAsOne() throws Exception {
        play(link -> {
            link.client.cut();
            assertThat(link.watched.awaitCall("lost CONNECTION_LOST", PATIENCE)).isTrue();
        });
    }

    @Test
    final void commandsAreHandedOnOnceEach() throws Exception {
        play(link -> {
            for (int i = 0; i < 20; i++) {
                link.client.send(Integer.toString(i));
                assertThat(nextCommand()).isEqualTo(Integer.toString(i));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(link.watched.awaitCall("command " + Outcome.ENQUEUED, PATIENCE))
                        .isTrue();
            }
        });
    }
}
