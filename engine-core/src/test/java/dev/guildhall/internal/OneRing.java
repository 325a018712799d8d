package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Connection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A ring of a session that nobody runs, and events to put into it. */
final class OneRing implements AutoCloseable {
    static final Duration TTL = Duration.ofSeconds(1);

    final HandClock clock = new HandClock();
    final EventTable events = new EventTable(new LaneCounters());
    final SessionRing ring = new SessionRing(events);
    final LocalSession session;
    private final Engine engine = Engine.builder().lanes(1).open();

    OneRing() {
        this(0);
    }

    OneRing(long number) {
        LocalEngine local = (LocalEngine) engine;
        SessionOptions options = SessionOptions.builder().maxBacklogEvents(1024).build();
        session = LocalSession.ofClient(local, local.laneArray()[0], number, "ann", options, new NoConnection());
        ring.assign(session, 0);
    }

    @Override
    public void close() {
        engine.close();
    }

    private static Event ofWeight(int weight) {
        return Event.of("E", "x".repeat(weight - 1 - SessionOptions.EVENT_OVERHEAD_BYTES));
    }

    LogEvent plain(int weight) {
        return (LogEvent) ofWeight(weight);
    }

    LogEvent keyed(String key, int weight) {
        return ((LogEvent) ofWeight(weight).withDelivery(Delivery.latest(key))).stampedForSession(clock);
    }

    LogEvent ephemeral() {
        return ephemeral(Incarnation.NONE, -1);
    }

    LogEvent ephemeral(Incarnation guild, long offset) {
        LogEvent event = ((LogEvent) ofWeight(100).withDelivery(Delivery.ephemeral(TTL)))
                .stampedFor(guild, Address.EVERYBODY, clock);
        event.offset = offset;
        return event;
    }

    boolean add(LogEvent event) {
        int place = events.take(event);
        boolean added = ring.add(place);
        events.release(place);
        return added;
    }

    /** Adds plain events of 100 bytes each, which have room. */
    void addPlain(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(add(plain(100))).isTrue();
        }
    }

    /** Adds so many plain events of 100 bytes each at once. */
    boolean addBatch(int count) {
        Batch batch = new Batch();
        LogEvent[] waiting = new LogEvent[count];
        for (int i = 0; i < count; i++) {
            waiting[i] = plain(100);
        }
        batch.take(waiting, count);
        for (int i = 0; i < count; i++) {
            batch.places[i] = events.takeForWalk(batch.events[i]);
        }
        boolean added = ring.add(batch);
        for (int i = 0; i < count; i++) {
            events.endWalk(batch.places[i], added ? 1 : 0);
        }
        return added;
    }

    @Nullable
    LogEvent next() {
        return ring.next(clock);
    }

    /** Writes so many events, which are there. */
    void write(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(next()).isNotNull();
        }
        ring.endWriting();
    }

    /** Takes nothing. */
    static final class NoConnection implements Connection {
        @Override
        public boolean isWritable() {
            return false;
        }

        @Override
        public void write(Event event, long seq) {}

        @Override
        public void flush() {}

        @Override
        public void close(CloseReason reason, boolean resumable) {}
    }
}
