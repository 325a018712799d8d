package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A ring beside two plain lists that do the same in the simplest way. */
class SessionRingTest {
    private static final int MAX_BACKLOG = 128;
    private static final int MAX_REPLAY = 40;
    private static final int SCHEDULES = Integer.getInteger("guildhall.schedules", 400);

    @Test
    void doesWhatTwoPlainListsWouldDo() {
        long first = new Random().nextLong();
        try (Engine engine = Engine.open()) {
            for (int i = 0; i < SCHEDULES; i++) {
                new Schedule((LocalEngine) engine, first + i).run();
            }
        }
    }

    private static final class Entry {
        final LogEvent event;
        boolean written;

        Entry(LogEvent event) {
            this.event = event;
        }

        boolean hasKeyOf(LogEvent other) {
            return event instanceof KeyedEvent mine && other instanceof KeyedEvent its && mine.key.equals(its.key);
        }
    }

    private static final class Schedule {
        private final String name;
        private final Random random;
        private final EventTable events = new EventTable(new LaneCounters());
        private final LocalSession session;
        private SessionRing ring = new SessionRing(events);
        private final List<Entry> replay = new ArrayList<>();
        private final List<Entry> unsent = new ArrayList<>();
        private long seq;
        private long ackedSeq;
        private long added;

        Schedule(LocalEngine engine, long seed) {
            name = "seed " + seed;
            random = new Random(seed);
            SessionOptions options = SessionOptions.builder()
                    .maxBacklogEvents(MAX_BACKLOG)
                    .maxReplayEvents(MAX_REPLAY)
                    .build();
            session = LocalSession.ofClient(
                    engine, engine.laneArray()[0], 0, "client", options, new OneRing.NoConnection());
            ring.assign(session, 0);
        }

        void run() {
            int writing = 30 + random.nextInt(30);
            for (int i = 0; i < 2_000; i++) {
                int action = random.nextInt(100);
                if (action < writing) {
                    write(1 + random.nextInt(6));
                } else if (action < 80) {
                    add();
                } else if (action < 92) {
                    addBatch(1 + random.nextInt(8));
                } else if (action < 97) {
                    acknowledge(ackedSeq + random.nextLong(seq - ackedSeq + 1));
                } else if (action < 99) {
                    rewind(ackedSeq + random.nextLong(seq - ackedSeq + 1));
                    if (random.nextBoolean()) {
                        move();
                    }
                } else {
                    ring.settle();
                }
                check();
            }
            long lost = unsent.stream().filter(entry -> !entry.written).count();
            assertThat(ring.clear()).as(name).isEqualTo((int) lost);
            assertThat(ring.isEmpty()).as(name).isTrue();
            assertThat(events.size()).as(name + ": events that nobody holds").isZero();
            ring.discard();
            assertThat(events.bytes()).as(name + ": bytes that nothing takes").isZero();
            LaneCounters counters = events.counters;
            assertThat(counters.written + counters.dropped + counters.conflated + lost)
                    .as(name)
                    .isEqualTo(added);
        }

        private void add() {
            LogEvent event = event();
            unsent.removeIf(entry -> entry.hasKeyOf(event));
            boolean fits = backlog() < MAX_BACKLOG;
            int place = events.take(event);
            assertThat(ring.add(place)).as(name).isEqualTo(fits);
            events.release(place);
            if (fits) {
                added++;
                unsent.add(new Entry(event));
            }
        }

        private void addBatch(int count) {
            Batch batch = new Batch();
            LogEvent[] waiting = new LogEvent[count];
            for (int i = 0; i < count; i++) {
                waiting[i] = ((LogEvent) plain()).stampedForSession(EngineClock.SYSTEM);
            }
            batch.take(waiting, count);
            for (int i = 0; i < count; i++) {
                batch.places[i] = events.takeForWalk(batch.events[i]);
            }
            boolean fits = backlog() + count <= MAX_BACKLOG;
            assertThat(ring.add(batch)).as(name).isEqualTo(fits);
            for (int i = 0; i < count; i++) {
                if (fits) {
                    added++;
                    unsent.add(new Entry(batch.events[i]));
                }
                events.endWalk(batch.places[i], fits ? 1 : 0);
            }
        }

        /** To a ring of another lane. */
        private void move() {
            SessionRing former = ring;
            SessionRing next = new SessionRing(events);
            next.assign(session, 0);
            next.load(former.unload());
            assertThat(former.isEmpty()).as(name).isTrue();
            former.discard();
            ring = next;
        }

        private Event plain() {
            return Event.of("E", "x".repeat(random.nextInt(20)));
        }

        private LogEvent event() {
            Event plain = plain();
            Event classed = switch (random.nextInt(4)) {
                case 0 -> plain.withDelivery(Delivery.latest("k" + random.nextInt(12)));
                case 1 -> plain.withDelivery(Delivery.ephemeral(Duration.ofHours(1)));
                default -> plain;
            };
            return ((LogEvent) classed).stampedForSession(EngineClock.SYSTEM);
        }

        private void write(int count) {
            for (int i = 0; i < count; i++) {
                writeOne();
            }
            ring.endWriting();
            if (replay.size() > MAX_REPLAY) {
                while (replay.size() > MAX_REPLAY - MAX_REPLAY / 8) {
                    replay.removeFirst();
                    ackedSeq++;
                }
            }
        }

        private void writeOne() {
            LogEvent next = ring.next(EngineClock.SYSTEM);
            if (unsent.isEmpty()) {
                assertThat(next).as(name).isNull();
                return;
            }
            Entry entry = unsent.removeFirst();
            assertThat(next).as(name).isSameAs(entry.event);
            seq++;
            replay.add(entry);
            entry.written = true;
        }

        private void acknowledge(long to) {
            ring.acknowledge(to);
            while (ackedSeq < to) {
                replay.removeFirst();
                ackedSeq++;
            }
        }

        private void rewind(long to) {
            ring.rewind(to);
            while (ackedSeq < to) {
                replay.removeFirst();
                ackedSeq++;
            }
            replay.removeIf(entry -> entry.event instanceof ExpiringEvent);
            unsent.addAll(0, replay);
            replay.clear();
            for (int i = unsent.size() - 1; i >= 0; i--) {
                LogEvent newer = unsent.get(i).event;
                for (int k = i - 1; k >= 0; k--) {
                    if (unsent.get(k).hasKeyOf(newer)) {
                        unsent.remove(k);
                        i--;
                    }
                }
            }
            seq = to;
        }

        private int backlog() {
            return (int) unsent.stream().filter(entry -> !entry.written).count();
        }

        private void check() {
            assertThat(ring.backlog()).as(name).isEqualTo(backlog());
            assertThat(ring.backlogBytes())
                    .as(name)
                    .isEqualTo(unsent.stream()
                            .filter(entry -> !entry.written)
                            .mapToInt(
                                    entry -> Objects.requireNonNull(entry.event).weight())
                            .sum());
            assertThat(ring.ackedSeq()).as(name).isEqualTo(ackedSeq);
            long kept = replay.stream()
                    .filter(entry -> !(entry.event instanceof ExpiringEvent))
                    .count();
            assertThat(events.size()).as(name).isEqualTo((int) kept + unsent.size());
        }
    }
}
