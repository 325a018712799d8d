package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Activity;
import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Guild;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceOptions;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What presence keeps, and for how long. Nothing here runs unless the test says so. */
class PresenceLitterTest {
    private static final SessionOptions INLINE = SessionOptions.DEFAULT.withInline();

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Queue<Runnable> ticks = new ArrayDeque<>();

    private final EngineClock clock = new EngineClock() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long epochMillis() {
            return 1;
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            if (delay.equals(PresenceOptions.DEFAULT_TICK)) {
                ticks.add(task);
            }
        }
    };

    private final LocalEngine engine = (LocalEngine) Engine.builder()
            .laneExecutors(List.of(tasks::add))
            .blockingExecutor(tasks::add)
            .clock(clock)
            .presence(PresenceOptions.DEFAULT.withUsersPerEvent(2))
            .open();
    private final Guild guild = engine.guild("g");

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void tick() {
        Objects.requireNonNull(ticks.poll(), "a tick").run();
        runAll();
    }

    private void tickUntilNothingWaits() {
        runAll();
        while (!ticks.isEmpty()) {
            tick();
        }
    }

    private Session enter(String user) {
        Session session = engine.openSession(user, INLINE, event -> {});
        session.subscribe(guild);
        return session;
    }

    private @Nullable GuildPresence inGuild() {
        return ((LocalGuild) guild).presence();
    }

    private int kept() {
        return Objects.requireNonNull(inGuild()).size();
    }

    @AfterEach
    void close() {
        engine.drain();
        runAll();
    }

    @Test
    void noTimerIsSetWhileNothingWaits() {
        runAll();
        assertThat(ticks).isEmpty();
        Session session = enter("ann");
        runAll();
        assertThat(ticks).hasSize(1);
        tick();
        assertThat(ticks).isEmpty();
        session.setPresence(Status.IDLE, Activity.NONE);
        session.setPresence(Status.ONLINE, Activity.NONE);
        assertThat(ticks).hasSize(1);
        tick();
        assertThat(ticks).isEmpty();
    }

    @Test
    void whenAllHaveLeftNothingIsLeft() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sessions.add(enter("user " + i % 30));
            if (i % 7 == 0) {
                runAll();
            }
            if (i % 10 == 0 && !ticks.isEmpty()) {
                tick();
            }
        }
        for (int i = 0; i < 100; i += 3) {
            sessions.get(i).setPresence(Status.IDLE, Activity.of("a"));
        }
        Session last = enter("last");
        runAll();
        assertThat(engine.users().size()).isEqualTo(31);
        sessions.forEach(session -> session.close(CloseReason.REQUESTED));
        tickUntilNothingWaits();
        assertThat(engine.users().size()).isEqualTo(1);
        assertThat(kept()).isEqualTo(1);
        last.close(CloseReason.REQUESTED);
        tickUntilNothingWaits();
        assertThat(engine.users().size()).isZero();
        assertThat(kept()).isZero();
        assertThat(engine.presences()).hasToString("Presences[0 users changed, 0 guilds to be told]");
    }

    @Test
    void aGuildThatNobodyHearsForgetsAllAtOnce() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sessions.add(enter("user " + i));
        }
        tickUntilNothingWaits();
        long offset = guild.nextOffset();
        sessions.forEach(session -> session.close(CloseReason.REQUESTED));
        runAll();
        tick();
        assertThat(kept()).isZero();
        assertThat(guild.nextOffset()).isEqualTo(offset);
    }

    @Test
    void visitorsThatWereNeverToldAreNotKeptUntilTheirTurnComes() {
        Session stays = enter("stays");
        List<Session> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            waiting.add(enter("waits " + i)); // twenty ticks of two
        }
        runAll();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 1_000; i++) {
                enter("visitor " + round + " " + i).close(CloseReason.REQUESTED);
                runAll();
            }
            tick();
            assertThat(kept()).as("round %d", round).isLessThanOrEqualTo(41 * 3);
        }
        waiting.forEach(session -> session.close(CloseReason.REQUESTED));
        stays.close(CloseReason.REQUESTED);
        tickUntilNothingWaits();
        assertThat(kept()).isZero();
    }

    @Test
    void aSubscriptionThatIsRefusedLeavesNothing() {
        SessionOptions one = INLINE.toBuilder().maxSubscriptions(1).build();
        Session session = engine.openSession("ann", one, event -> {});
        session.subscribe(engine.guild("other"));
        assertThat(session.subscribe(guild).outcome().isAccepted()).isFalse();
        tickUntilNothingWaits();
        assertThat(kept()).isZero();
    }

    @Test
    void ticksOfAnEngineThatHasEndedDoNothing() {
        enter("ann");
        engine.drain();
        runAll();
        tickUntilNothingWaits();
        assertThat(tasks).isEmpty();
    }
}
