package dev.guildhall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Presence.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** Users come, go and speak on real threads while the guild is told of them. */
class PresenceStressTest {
    private static final int THREADS = 3;
    private static final int USERS_OF_A_THREAD = 100;
    private static final int STEPS = 20_000;

    private final AtomicInteger toldTwice = new AtomicInteger();
    private final ConcurrentMap<String, String> told = new ConcurrentHashMap<>();
    private final Semaphore heard = new Semaphore(0);
    private final Engine engine = Engine.builder()
            .presence(PresenceOptions.DEFAULT.withTick(Duration.ofMillis(1)).withEncoder((guildId, updates) -> {
                long users =
                        updates.stream().map(PresenceUpdate::user).distinct().count();
                toldTwice.addAndGet((int) (updates.size() - users));
                return updates.stream()
                        .map(update -> update.user() + "=" + update.status())
                        .collect(Collectors.joining(","))
                        .getBytes(UTF_8);
            }))
            .open();
    private final Guild guild = engine.guild("g");

    private void hear(Event event) {
        for (String line : event.text().split(",", -1)) {
            String[] userAndStatus = line.split("=", 2);
            told.put(userAndStatus[0], userAndStatus[1]);
        }
        heard.release();
    }

    @RepeatedTest(3)
    @Timeout(60)
    void nobodyIsToldTwiceInAnEventAndAllIsTrueInTheEnd() throws InterruptedException {
        long seed = new Random().nextLong();
        SessionOptions hidden =
                SessionOptions.builder().status(Status.INVISIBLE).build();
        engine.openSession("watcher", hidden, this::hear).subscribe(guild);
        List<Thread> threads = new ArrayList<>();
        Map<String, Session> sessions = new ConcurrentHashMap<>();
        for (int i = 0; i < THREADS; i++) {
            int index = i;
            threads.add(Thread.ofPlatform()
                    .start(() -> comeAndGo("user-" + index + "-", new Random(seed + index), sessions)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        awaitTruth(sessions, seed);
        assertThat(toldTwice.get()).as("seed %d", seed).isZero();
        engine.close();
    }

    private void comeAndGo(String prefix, Random random, Map<String, Session> sessions) {
        for (int step = 0; step < STEPS; step++) {
            String user = prefix + random.nextInt(USERS_OF_A_THREAD);
            Session session = sessions.computeIfAbsent(user, name -> engine.openSession(name, event -> {}));
            Subscription subscription = session.subscription(guild);
            if (random.nextInt(4) == 0) {
                session.setPresence(random.nextBoolean() ? Status.IDLE : Status.ONLINE, Activity.NONE);
            } else if (subscription == null) {
                session.subscribe(guild);
            } else {
                subscription.unsubscribe();
            }
        }
    }

    private void awaitTruth(Map<String, Session> sessions, long seed) throws InterruptedException {
        Map<String, String> truth = new ConcurrentHashMap<>();
        sessions.forEach((user, session) -> truth.put(
                user,
                session.subscription(guild) == null
                        ? "OFFLINE"
                        : engine.user(user).presence().status().toString()));
        while (!isTold(truth)) {
            assertThat(heard.tryAcquire(30, TimeUnit.SECONDS))
                    .as("still an event, seed %d", seed)
                    .isTrue();
        }
    }

    private boolean isTold(Map<String, String> truth) {
        return truth.entrySet().stream()
                .allMatch(entry -> told.getOrDefault(entry.getKey(), "OFFLINE").equals(entry.getValue()));
    }
}
