package dev.guildhall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Presence.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** Several sessions of one user speak at the same time, on real threads. */
class PresenceOrderTest {
    private static final int SESSIONS = 4;
    private static final int CHANGES = 2_000;
    private static final List<Status> STATUSES =
            List.of(Status.INVISIBLE, Status.IDLE, Status.ONLINE, Status.DO_NOT_DISTURB);

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final Engine engine = Engine.builder()
            .presence(PresenceOptions.DEFAULT
                    .withTick(Duration.ofMillis(1))
                    .withEncoder(
                            (guildId, updates) -> updates.getLast().toString().getBytes(UTF_8)))
            .open();

    @RepeatedTest(5)
    @Timeout(60)
    void theLastThingThatASessionSaysIsWhatCountsAndWhatIsToldLast() throws InterruptedException {
        long seed = new Random().nextLong();
        Guild guild = engine.guild("g");
        SessionOptions hidden =
                SessionOptions.builder().status(Status.INVISIBLE).build();
        engine.openSession("watcher", hidden, event -> told.add(event.text())).subscribe(guild);
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            SessionOptions device =
                    SessionOptions.builder().device("device " + i).build();
            sessions.add(engine.openSession("ann", device, event -> {}));
            sessions.get(i).subscribe(guild);
        }
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        Presence.Device[] last = new Presence.Device[SESSIONS];
        for (int i = 0; i < SESSIONS; i++) {
            int index = i;
            Random random = new Random(seed + i);
            threads.add(Thread.ofPlatform().start(() -> {
                awaitUninterruptibly(go);
                for (int change = 0; change < CHANGES; change++) {
                    Status status = STATUSES.get(random.nextInt(STATUSES.size()));
                    Activity activity = Activity.of(index + ":" + change);
                    sessions.get(index).setPresence(status, activity);
                    last[index] = new Presence.Device("device " + index, status, activity, true);
                }
            }));
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        Presence presence = engine.user("ann").presence();
        assertThat(presence.devices()).as("seed %d", seed).containsExactly(last);
        Status most = Status.OFFLINE;
        for (Presence.Device device : last) {
            most = device.status().compareTo(most) > 0 ? device.status() : most;
        }
        assertThat(presence.status()).as("seed %d", seed).isEqualTo(most);
        assertThat(presence.devices())
                .as("seed %d", seed)
                .anyMatch(device -> device.status() == presence.status()
                        && device.activity().equals(presence.activity()));

        sessions.get(seed % 2 == 0 ? 0 : 1).setPresence(Status.DO_NOT_DISTURB, Activity.of("the end"));
        awaitTold(new PresenceUpdate("ann", Status.DO_NOT_DISTURB, Activity.of("the end")).toString(), seed);
        sessions.forEach(session -> session.close(CloseReason.REQUESTED));
        awaitTold(new PresenceUpdate("ann", Status.OFFLINE, Activity.NONE).toString(), seed);
        engine.close();
        assertThat(told).as("nothing follows the last word; seed %d", seed).isEmpty();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitTold(String expected, long seed) throws InterruptedException {
        String next;
        do {
            next = told.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("seed %d", seed).isNotNull();
        } while (!expected.equals(next));
    }
}
