package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Activity;
import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Guild;
import dev.guildhall.Presence;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceOptions;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;

/** Sessions that do anything at any moment: in the end each guild knows what is true, and no tick told it more than one event. */
class PresenceModelTest {
    private static final String[] USERS = {"a", "b", "c", "d", "e", "f"};
    private static final List<Status> STATUSES =
            List.of(Status.INVISIBLE, Status.IDLE, Status.ONLINE, Status.DO_NOT_DISTURB);
    private static final int GUILDS = 3;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final ManualClock clock = new ManualClock();
    private final SeededExecutor executor = new SeededExecutor(seed);
    private final InMemoryTransport transport = InMemoryTransport.create();
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial(), executor.serial(), executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .presence(PresenceOptions.DEFAULT.withEncoder(ToldUsers.PLAIN).withUsersPerEvent(3))
            .transport(transport)
            .open();
    private final List<Guild> guilds = new ArrayList<>();
    private final List<ToldUsers> told = new ArrayList<>();
    private final List<InMemoryClient> clients = new ArrayList<>();

    @RepeatedTest(30)
    void guildsKnowWhatIsTrueInTheEnd() {
        SessionOptions watcher =
                SessionOptions.builder().inline().status(Status.INVISIBLE).build();
        for (int i = 0; i < GUILDS; i++) {
            guilds.add(engine.guild("g" + i));
            told.add(new ToldUsers());
            engine.openSession("watcher", watcher, told.get(i)).subscribe(guilds.get(i));
        }
        for (int round = 0; round < 100; round++) {
            for (int i = random.nextInt(20); i > 0; i--) {
                act();
                for (int turns = random.nextInt(4); turns > 0; turns--) {
                    executor.runOne();
                }
            }
            tick();
            if (round % 10 == 9) {
                compare();
            }
        }
        for (String user : USERS) { // some of their clients were lost and never came back
            engine.user(user).sessions().forEach(session -> session.close(CloseReason.REQUESTED));
        }
        compare();
        assertThat(told).as("seed %d", seed).allMatch(all -> all.present().isEmpty());
        engine.drain();
        executor.runAll();
    }

    private void act() {
        if (clients.isEmpty() || random.nextInt(5) == 0) {
            clients.add(transport.connect(USERS[random.nextInt(USERS.length)]));
            return;
        }
        int chosen = random.nextInt(clients.size());
        InMemoryClient client = clients.get(chosen);
        Guild guild = guilds.get(random.nextInt(GUILDS));
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> client.session().setPresence(anyStatus(), Activity.of("" + random.nextInt(3)));
            case 3, 4 -> client.session().subscribe(guild);
            case 5 -> {
                Subscription subscription = client.session().subscription(guild);
                if (subscription != null) {
                    subscription.unsubscribe();
                }
            }
            case 6 -> {
                clients.remove(chosen);
                client.leave();
            }
            case 7 -> client.disconnect(); // and perhaps never seen again
            default -> comeBack(chosen);
        }
    }

    private Status anyStatus() {
        return STATUSES.get(random.nextInt(STATUSES.size()));
    }

    private void comeBack(int chosen) {
        InMemoryClient back = clients.get(chosen).resume();
        executor.runAll();
        if (back.resumption().join() instanceof ResumeResult.Resumed) {
            clients.set(chosen, back);
        } else {
            clients.remove(chosen);
        }
    }

    private void tick() {
        executor.runAll();
        told.forEach(ToldUsers::takeEvents);
        clock.advance(PresenceOptions.DEFAULT_TICK);
        executor.runAll();
        for (ToldUsers all : told) {
            List<String> events = all.takeEvents();
            assertThat(events).as("seed %d", seed).hasSizeLessThanOrEqualTo(1);
            assertThat(events).as("seed %d", seed).allMatch(event -> event.split(",", -1).length <= 3);
        }
    }

    /** After as many ticks as all users need at most. */
    private void compare() {
        for (int i = 0; i <= USERS.length / 3; i++) {
            tick();
        }
        for (int i = 0; i < GUILDS; i++) {
            assertThat(told.get(i).present()).as("seed %d, guild %d", seed, i).isEqualTo(truth(guilds.get(i)));
        }
        if (random.nextInt(3) == 0) {
            clock.advance(Duration.ofSeconds(91));
        }
    }

    private Map<String, String> truth(Guild guild) {
        Map<String, String> shown = new TreeMap<>();
        for (String user : USERS) {
            List<Session> sessions = engine.user(user).sessions();
            Presence presence = engine.user(user).presence();
            boolean here = sessions.stream().anyMatch(session -> session.subscription(guild) != null);
            if (here && presence.status().shown() != Status.OFFLINE) {
                shown.put(user, presence.status() + ":" + presence.activity().text());
            }
        }
        return shown;
    }
}
