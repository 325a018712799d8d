package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceOptions;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A hundred thousand users enter one guild within a second. */
class PresenceStormTest {
    private static final int USERS = 100_000;
    private static final int USERS_PER_MILLI = 100;
    private static final int READERS = 16;

    private final ManualClock clock = new ManualClock();
    private final SeededExecutor executor = new SeededExecutor(11);
    private final InMemoryTransport transport = InMemoryTransport.create(1024);
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial(), executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .presence(PresenceOptions.DEFAULT)
            .transport(transport)
            .open();
    private final Guild guild = engine.guild("g");
    private final int[] events = new int[USERS];
    private int usersTold;

    @Test
    void eachSessionReceivesABoundedNumberOfEventsAndMemoryIsBoundedToo() {
        SessionOptions hidden =
                SessionOptions.builder().status(Status.INVISIBLE).build();
        engine.openSession("watcher", hidden.withInline(), this::countUsers).subscribe(guild);
        List<InMemoryClient> readers = Stream.generate(() -> transport.connect("reader", hidden))
                .limit(READERS)
                .toList();
        readers.forEach(reader -> reader.session().subscribe(guild));
        for (int i = 0; i < USERS; i++) {
            int user = i;
            engine.openSession("user-" + i, SessionOptions.DEFAULT.withInline(), event -> countEvent(user, event))
                    .subscribe(guild);
            if (i % USERS_PER_MILLI == 0) {
                clock.advance(Duration.ofMillis(1));
                executor.runAll();
            }
        }
        int ticks = 0;
        int before;
        do {
            before = usersTold;
            clock.advance(PresenceOptions.DEFAULT_TICK);
            executor.runAll();
            readers.forEach(reader -> {
                while (reader.poll() != null) {}
            });
            ticks++;
        } while (usersTold > before);

        int fullEvents = (USERS + 255) / 256;
        int duringTheStorm = 2; // a second has two ticks
        assertThat(usersTold).as("each is told once").isEqualTo(USERS);
        assertThat(Arrays.stream(events).max().orElseThrow())
                .isPositive()
                .isLessThanOrEqualTo(fullEvents + duringTheStorm + 1);
        assertThat(ticks).as("one event a tick").isBetween(fullEvents - duringTheStorm, fullEvents + 2);
        assertThat(engine.stats().gaps()).isZero();
        assertThat(engine.stats().dropped()).isZero();
        assertThat(engine.stats().retainedBytes())
                .as("what readers that acknowledge nothing may keep, once on each lane")
                .isLessThan(2 * (SessionOptions.DEFAULT_MAX_REPLAY_BYTES + 256 * 1024));
        engine.drain();
        executor.runAll();
    }

    private void countEvent(int user, Event event) {
        if (event.type().equals(Event.PRESENCE_UPDATE)) {
            events[user]++;
        }
    }

    private void countUsers(Event event) {
        if (event.type().equals(Event.PRESENCE_UPDATE)) {
            usersTold += event.text().split("\"user\":", -1).length - 1;
        }
    }
}
