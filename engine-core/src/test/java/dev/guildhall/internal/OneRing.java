package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Connection;
import java.time.Duration;
import java.util.Arrays;
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
        LogEvent[] waiting = new LogEvent[count];
        Arrays.setAll(waiting, i -> plain(100));
        Batch batch = begin(waiting);
        boolean added = ring.add(batch);
        batch.wholeRings += added ? 1 : 0;
        end(batch);
        return added;
    }

    /** Adds plain events of one batch that were written already. */
    void addWritten(LogEvent... written) {
        Batch batch = begin(written);
        batch.receivers = EventBundles.LEAST_RINGS;
        ring.addWritten(batch, written.length);
        end(batch);
    }

    private Batch begin(LogEvent... delivered) {
        Batch batch = new Batch();
        batch.take(delivered.clone(), delivered.length);
        for (int i = 0; i < batch.size; i++) {
            batch.places[i] = events.takeForWalk(batch.events[i]);
        }
        return batch;
    }

    private void end(Batch batch) {
        for (int i = 0; i < batch.size; i++) {
            events.endWalk(batch.places[i], batch.wholeRings);
        }
        if (batch.bundle != 0) {
            events.bundles.endWalk(batch.bundle, batch.bundleRings);
        }
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
