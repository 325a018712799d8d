package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slices that are walked session by session in several turns, and guilds that need more than one slice. */
class LargeSliceTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyEventsReachManySessionsInOrderThoughSessionsEndMeanwhile(boolean inline) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        SeededExecutor executor = new SeededExecutor(seed);
        Engine engine = Engine.builder()
                .laneExecutors(List.of(executor.serial()))
                .blockingExecutor(executor)
                .clock(new ManualClock())
                .open();
        Guild guild = engine.guild("large");
        SessionOptions options = inline ? SessionOptions.DEFAULT.withInline() : SessionOptions.DEFAULT;
        int sessions = 20_000; // two slices, the first of them full
        List<AtomicInteger> received = new ArrayList<>();
        List<Session> opened = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            AtomicInteger next = new AtomicInteger();
            received.add(next);
            Session session = engine.openSession("s", options, event -> {
                assertThat(Integer.parseInt(event.text())).isEqualTo(next.get());
                next.incrementAndGet();
            });
            session.subscribe(guild, i % 2 == 0 ? 0b01 : 0b11);
            opened.add(session);
            if (i % 1_000 == 0) {
                executor.runAll();
            }
        }
        executor.runAll();

        int events = 100;
        for (int i = 0; i < events; i++) {
            guild.tryPublish(Event.of("E", Integer.toString(i)).needing(0b01));
        }
        guild.tryPublish(Event.of("E", Integer.toString(events)).needing(0b10));
        List<Integer> ended = new ArrayList<>();
        while (executor.runOne()) {
            if (random.nextInt(4) == 0) {
                int chosen = random.nextInt(sessions);
                opened.get(chosen).close(CloseReason.REQUESTED);
                ended.add(chosen);
            }
        }

        assertThat(engine.stats().subscriberFailures()).as("seed %d", seed).isZero();
        assertThat(ended).as("seed %d", seed).isNotEmpty();
        assertThat(guild.subscriptionCount())
                .as("seed %d", seed)
                .isEqualTo(sessions - (int) ended.stream().distinct().count());
        IntStream.range(0, sessions)
                .filter(i -> !ended.contains(i))
                .forEach(i -> assertThat(received.get(i).get())
                        .as("seed %d, session %d", seed, i)
                        .isEqualTo(i % 2 == 0 ? events : events + 1));
    }
}
