package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to a session before it subscribes arrives before the guild's first event, whoever runs when. */
class WelcomeTest {
    private static final int SCHEDULES = 200;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSendBeforeASubscribeStaysBeforeTheGuildsEvents(boolean inline) {
        long first = new Random().nextLong();
        for (int i = 0; i < SCHEDULES; i++) {
            long seed = first + i;
            assertThat(receivedInASchedule(seed, inline))
                    .as("seed %d", seed)
                    .isNotEmpty()
                    .containsOnly("welcome");
        }
    }

    private static List<String> receivedInASchedule(long seed, boolean inline) {
        Random random = new Random(seed);
        SeededExecutor executor = new SeededExecutor(seed);
        Engine engine = Engine.builder()
                .laneExecutors(List.of(executor.serial()))
                .blockingExecutor(executor)
                .clock(new ManualClock())
                .open();
        Guild guild = engine.guild("g");
        List<String> received = new ArrayList<>();
        List<Session> crowd = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            crowd.add(engine.openSession("crowd", event -> {}));
        }
        executor.runAll();
        Session busy = engine.openSession("busy", SessionOptions.DEFAULT.withInline(), event -> {
            if (random.nextInt(4) == 0) { // in the middle of a turn, with a crowd before it in the line
                crowd.forEach(session -> session.send(Event.of("E", "chatter")));
                welcomeAndSubscribe(engine, guild, received, inline);
                guild.tryPublish(Event.of("E", "event"));
            }
        });
        busy.subscribe(guild);
        for (int i = 0; i < 6; i++) {
            guild.tryPublish(Event.of("E", "event"));
            if (random.nextBoolean()) {
                executor.runOne();
            }
        }
        welcomeAndSubscribe(engine, guild, received, inline);
        guild.tryPublish(Event.of("E", "event"));
        executor.runAll();
        return received;
    }

    private static void welcomeAndSubscribe(Engine engine, Guild guild, List<String> received, boolean inline) {
        List<String> own = new ArrayList<>();
        SessionOptions options = inline ? SessionOptions.DEFAULT.withInline() : SessionOptions.DEFAULT;
        Session session = engine.openSession("new", options, event -> {
            own.add(event.text());
            if (own.size() == 1) {
                received.add(event.text()); // what each new session got first
            }
        });
        session.send(Event.of("E", "welcome"));
        session.subscribe(guild);
    }
}
