package dev.guildhall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.memory.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Order and exact first offset while everything changes: eight publishers, a thousand sessions on all lanes, others that
 * subscribe and leave meanwhile. Every session sees every event of the guild from its first offset on, in order, once.
 */
@Timeout(120)
class FanOutOrderTest {
    private static final int PUBLISHERS = 8;
    private static final int EVENTS_EACH = 500;
    private static final int SESSIONS = 1_000;

    enum Kind {
        INLINE,
        OWN_RING,
        CONNECTION
    }

    /** What one session received: offsets of events, and the events' own (publisher, number). */
    private static final class Watcher implements Subscriber {
        private final List<Event> events = new ArrayList<>();
        private volatile long firstOffset;

        @Override
        public synchronized void onEvent(Event event) {
            events.add(event);
        }

        synchronized void check(List<String> log) {
            List<String> seen = events.stream().map(Event::text).toList();
            List<Long> offsets = events.stream().map(Event::offset).toList();
            assertThat(offsets).isSorted().doesNotHaveDuplicates();
            int from = 0;
            while (from < log.size() && offsetOf(log, from) < firstOffset) {
                from++;
            }
            assertThat(seen)
                    .isEqualTo(log.subList(from, log.size()).stream()
                            .map(FanOutOrderTest::textOf)
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everySessionSeesEveryEventFromItsFirstOffsetInOrderOnce(Kind kind) throws Exception {
        InMemoryTransport transport = InMemoryTransport.create();
        Engine engine = Engine.builder()
                .lanes(4)
                .transport(transport)
                .drainTimeout(Duration.ofMinutes(1))
                .laneStallLimit(Duration.ofHours(1))
                .open();
        Guild guild = engine.guild("busy");
        List<String> log = new ArrayList<>();
        Watcher reference = new Watcher();
        engine.openSession("reference", SessionOptions.DEFAULT.withInline(), reference)
                .subscribe(guild);

        CountDownLatch go = new CountDownLatch(1);
        List<Thread> publishers = new ArrayList<>();
        for (int p = 0; p < PUBLISHERS; p++) {
            int publisher = p;
            publishers.add(Thread.ofPlatform().start(() -> {
                await(go);
                for (int i = 0; i < EVENTS_EACH; i++) {
                    assertThat(guild.publish(Event.of("E", publisher + ":" + i)).outcome())
                            .isEqualTo(Outcome.ORDERED);
                }
            }));
        }
        AtomicBoolean publishing = new AtomicBoolean(true);
        Thread churn = Thread.ofPlatform().start(() -> subscribeAndLeave(engine, guild, publishing));

        List<Watcher> watchers = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        for (int s = 0; s < SESSIONS; s++) {
            if (s == SESSIONS / 2) {
                go.countDown(); // half of the sessions come while events flow
            }
            Watcher watcher = new Watcher();
            Session session = open(engine, transport, kind, watcher, readers);
            watcher.firstOffset = session.subscribe(guild).firstOffset();
            watchers.add(watcher);
        }
        for (Thread publisher : publishers) {
            publisher.join();
        }
        publishing.set(false);
        churn.join();
        engine.close();
        for (Thread reader : readers) {
            reader.join();
        }

        reference.events.forEach(event -> log.add(event.offset() + "=" + event.text()));
        assertThat(log).hasSize(PUBLISHERS * EVENTS_EACH);
        for (Watcher watcher : watchers) {
            watcher.check(log);
        }
        EngineStats stats = engine.stats();
        assertThat(stats.dropped()).isZero();
        assertThat(stats.delivered()).isEqualTo(stats.written());
        assertThat(stats.published()).isEqualTo(PUBLISHERS * EVENTS_EACH);
        assertThat(stats.sessions()).isZero();
        assertThat(guild.subscriptionCount()).isZero();
    }

    private static Session open(
            Engine engine, InMemoryTransport transport, Kind kind, Watcher watcher, List<Thread> readers) {
        return switch (kind) {
            case INLINE -> engine.openSession("s", SessionOptions.DEFAULT.withInline(), watcher);
            case OWN_RING -> engine.openSession("s", watcher);
            case CONNECTION -> {
                InMemoryClient client = transport.connect("s");
                readers.add(Thread.ofVirtual().start(() -> read(client, watcher)));
                yield client.session();
            }
        };
    }

    private static void read(InMemoryClient client, Watcher watcher) {
        long seq = 0;
        try {
            while (true) {
                boolean closed = client.closed().isDone(); // before the look: what came earlier is in the queue
                Received received = client.take(Duration.ofMillis(20));
                if (received != null) {
                    assertThat(received.seq()).isEqualTo(++seq);
                    watcher.onEvent(received.event());
                } else if (closed) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void subscribeAndLeave(Engine engine, Guild guild, AtomicBoolean publishing) {
        Random random = new Random(7);
        List<Session> sessions = new ArrayList<>();
        while (publishing.get()) {
            if (sessions.size() < 50) {
                sessions.add(engine.openSession("churn", SessionOptions.DEFAULT.withInline(), event -> {}));
            }
            Session session = sessions.get(random.nextInt(sessions.size()));
            Subscription subscription = session.subscribe(guild);
            if (random.nextBoolean()) {
                subscription.unsubscribe();
            }
            if (random.nextInt(10) == 0) {
                session.close(CloseReason.REQUESTED);
                sessions.remove(session);
            }
        }
    }

    private static long offsetOf(List<String> log, int index) {
        String entry = log.get(index);
        return Long.parseLong(entry.substring(0, entry.indexOf('=')));
    }

    private static String textOf(String entry) {
        return entry.substring(entry.indexOf('=') + 1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
