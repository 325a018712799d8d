package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.DrainReport;
import dev.guildhall.Engine;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscriber;
import dev.guildhall.Subscription;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.memory.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Thousands of schedules of a small engine: sessions of all kinds subscribe, leave, stall and end while events are published,
 * and a seed decides who runs when. Each session must have received exactly the events from its first offset up to where it
 * left, in order; and when the engine is closed the counters balance.
 */
class SeededFanOutTest {
    private static final int SCHEDULES = 3_000;
    private static final int STEPS = 60;

    @Test
    void everyScheduleDeliversExactlyWhatWasSubscribedTo() {
        long first = new Random().nextLong();
        for (int i = 0; i < SCHEDULES; i++) {
            new Schedule(first + i).run();
        }
    }

    /** One schedule; every assertion names its seed. */
    private static final class Schedule {
        private final String name;
        private final Random random;
        private final SeededExecutor executor;
        private final InMemoryTransport transport = InMemoryTransport.create(4);
        private final Engine engine;
        private final List<Guild> guilds;
        private final List<Receiver> receivers = new ArrayList<>();
        private final List<List<String>> logs = List.of(new ArrayList<>(), new ArrayList<>());

        Schedule(long seed) {
            name = "seed " + seed;
            random = new Random(seed);
            executor = new SeededExecutor(seed);
            engine = Engine.builder()
                    .laneExecutors(List.of(executor.serial(), executor.serial()))
                    .blockingExecutor(executor)
                    .clock(new ManualClock())
                    .transport(transport)
                    .open();
            guilds = List.of(engine.guild("a"), engine.guild("b"));
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                act(random.nextInt(10));
                for (int i = random.nextInt(4); i > 0; i--) {
                    executor.runOne();
                }
            }
            receivers.forEach(Receiver::unstall);
            executor.runAll();
            receivers.forEach(receiver -> receiver.check(logs));
            CompletableFuture<DrainReport> drained = engine.drain().toCompletableFuture();
            executor.runAll();
            assertThat(drained).as(name).isCompletedWithValueMatching(DrainReport::complete);
            EngineStats stats = engine.stats();
            assertThat(stats.delivered()).as(name).isEqualTo(stats.written() + stats.dropped());
            assertThat(stats.sessions()).as(name).isZero();
            assertThat(stats.subscriberFailures()).as(name).isZero();
            for (Guild guild : guilds) {
                assertThat(guild.subscriptionCount()).as(name).isZero();
            }
            assertThat(executor.waiting()).as(name).isZero();
        }

        private void act(int action) {
            if (action < 4 || receivers.isEmpty()) {
                publish(random.nextInt(2));
            } else if (action < 6) {
                receivers.get(random.nextInt(receivers.size())).subscribe(random.nextInt(2));
            } else if (action == 6) {
                receivers.get(random.nextInt(receivers.size())).leave(random.nextInt(2));
            } else if (action == 7) {
                receivers.get(random.nextInt(receivers.size())).stallOrUnstall();
            } else if (action == 8 && random.nextInt(4) == 0) {
                receivers.get(random.nextInt(receivers.size())).close();
            }
            if (receivers.size() < 6) {
                receivers.add(new Receiver(this));
            }
        }

        private void publish(int guild) {
            String text = guilds.get(guild).id() + logs.get(guild).size();
            assertThat(guilds.get(guild).tryPublish(Event.of("E", text)))
                    .as(name)
                    .isEqualTo(Outcome.ORDERED);
            logs.get(guild).add(guilds.get(guild).nextOffset() - 1 + "=" + text);
        }
    }

    /** A session of some kind with at most one subscription a guild in its life, and what it received. */
    private static final class Receiver implements Subscriber {
        private final String name;
        private final Schedule schedule;
        private final Session session;
        private final CompletableFuture<InMemoryClient> client = new CompletableFuture<>();
        private final List<Event> received = new ArrayList<>();
        private final List<List<Subscription>> subscriptions = List.of(new ArrayList<>(), new ArrayList<>());
        private final boolean[] left = new boolean[2];
        private boolean stalled;

        Receiver(Schedule schedule) {
            this.schedule = schedule;
            this.name = schedule.name;
            int kind = schedule.random.nextInt(3);
            if (kind == 0) {
                InMemoryClient connected = schedule.transport.connect("client");
                client.complete(connected);
                session = connected.session();
            } else {
                SessionOptions options = kind == 1 ? SessionOptions.DEFAULT : SessionOptions.DEFAULT.withInline();
                session = schedule.engine.openSession("subscriber", options, this);
            }
        }

        @Override
        public void onEvent(Event event) {
            received.add(event);
        }

        void subscribe(int guild) {
            if (subscriptions.get(guild).isEmpty() && session.isOpen()) {
                subscriptions.get(guild).add(session.subscribe(schedule.guilds.get(guild)));
            }
        }

        void leave(int guild) {
            if (!subscriptions.get(guild).isEmpty()) {
                left[guild] = true;
                subscriptions.get(guild).getFirst().unsubscribe();
            }
        }

        void stallOrUnstall() {
            if (client.isDone() && !stalled) {
                stalled = true;
                client.join().stall();
            } else {
                unstall();
            }
        }

        void unstall() {
            if (client.isDone() && stalled) {
                stalled = false;
                client.join().unstall();
            }
        }

        void close() {
            session.close(CloseReason.REQUESTED);
        }

        void check(List<List<String>> logs) {
            readClient();
            for (int guild = 0; guild < 2; guild++) {
                String id = schedule.guilds.get(guild).id();
                List<String> seen = received.stream()
                        .filter(event -> event.guildId().equals(id))
                        .map(event -> event.offset() + "=" + event.text())
                        .toList();
                if (subscriptions.get(guild).isEmpty()) {
                    assertThat(seen).as(name).isEmpty();
                    continue;
                }
                long first = subscriptions.get(guild).getFirst().firstOffset();
                List<String> expected = logs.get(guild).stream()
                        .filter(entry -> Long.parseLong(entry.substring(0, entry.indexOf('='))) >= first)
                        .toList();
                if (left[guild] || !session.isOpen()) {
                    assertThat(expected.subList(0, Math.min(seen.size(), expected.size())))
                            .as(name)
                            .isEqualTo(seen);
                } else {
                    assertThat(seen).as(name).isEqualTo(expected);
                }
            }
        }

        private void readClient() {
            if (client.isDone()) {
                Received next;
                long seq = 0;
                while ((next = client.join().poll()) != null || schedule.executor.runOne()) {
                    if (next != null) {
                        assertThat(next.seq()).as(name).isEqualTo(++seq);
                        received.add(next.event());
                    }
                }
            }
        }
    }
}
