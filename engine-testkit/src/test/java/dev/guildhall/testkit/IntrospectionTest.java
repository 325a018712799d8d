package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildStats;
import dev.guildhall.LaneStats;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.SessionStats;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What can be seen of an engine that runs: slow sessions, hot guilds, lanes. */
class IntrospectionTest {
    private final ManualClock clock = new ManualClock();
    private final SeededExecutor executor = new SeededExecutor(1);
    private final InMemoryTransport transport = InMemoryTransport.create(16);
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial(), executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .transport(transport)
            .open();

    private <T> T answer(CompletionStage<T> question) {
        CompletableFuture<T> answer = question.toCompletableFuture();
        executor.runAll();
        assertThat(answer).isDone();
        return answer.join();
    }

    private InMemoryClient stalled(Guild guild, String user) {
        InMemoryClient client = transport.connect(user);
        client.session().subscribe(guild);
        client.stall();
        return client;
    }

    @Test
    void theSlowestSessionsOfAllLanesComeFirst() {
        List<Session> byBacklog = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            InMemoryClient client = stalled(engine.guild("g" + i), "user-" + i);
            for (int k = 0; k <= i; k++) {
                engine.guild("g" + i).tryPublish(Event.of("E", "text"));
            }
            byBacklog.addFirst(client.session());
        }
        transport.connect("quick").session().subscribe(engine.guild("g9"));
        executor.runAll();

        List<SessionStats> slowest = answer(engine.topSlowSessions(3));

        assertThat(slowest)
                .extracting(SessionStats::id)
                .containsExactly(
                        byBacklog.get(0).id(),
                        byBacklog.get(1).id(),
                        byBacklog.get(2).id());
        assertThat(slowest.getFirst()).satisfies(worst -> {
            assertThat(worst.user()).isEqualTo("user-9");
            assertThat(worst.backlogEvents()).isEqualTo(10);
            assertThat(worst.backlogBytes()).isEqualTo(10 * (64 + 5)); // nominal: 64, type and text
            assertThat(worst.lastSeq()).isZero();
            assertThat(worst.attached()).isTrue();
        });
        assertThat(answer(engine.topSlowSessions(1_000))).hasSize(10);
    }

    @Test
    void aSurveyOfManySessionsLetsGuildsAndSessionsGoOnBetweenItsSteps() {
        SeededExecutor single = new SeededExecutor(2);
        Engine large = Engine.builder()
                .laneExecutors(List.of(single.serial()))
                .blockingExecutor(Runnable::run)
                .turnBudget(64)
                .open();
        SessionOptions inline = SessionOptions.DEFAULT.withInline();
        for (int i = 0; i < 20_000; i++) {
            large.openSession("user", inline, event -> {});
        }
        List<Event> received = new ArrayList<>();
        large.openSession("user", inline, received::add).subscribe(large.guild("g"));
        single.runAll();

        CompletableFuture<List<SessionStats>> answer = large.topSlowSessions(5).toCompletableFuture();
        single.runOne(); // the first step: 4,096 of 20,001 sessions
        large.guild("g").tryPublish(Event.of("E", "text"));
        single.runOne();
        assertThat(received).hasSize(1);
        assertThat(answer).isNotDone();
        single.runAll();
        assertThat(answer).isCompletedWithValue(List.of());
    }

    @Test
    void askingForTheSlowestAgainAndAgainIsOneSurvey() {
        stalled(engine.guild("g"), "user");
        engine.guild("g").tryPublish(Event.of("E", "text"));
        executor.runAll();
        List<CompletableFuture<List<SessionStats>>> answers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            answers.add(engine.topSlowSessions(1 + i % 10).toCompletableFuture());
        }
        // One for each number that was larger than all before.
        assertThat(engine.laneStats())
                .allSatisfy(lane -> assertThat(lane.waitingMarks()).isLessThanOrEqualTo(10));
        executor.runAll();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).hasSize(1));
    }

    @Test
    void oneSessionIsSeenWithItsInbox() {
        InMemoryClient client = stalled(engine.guild("g"), "ann");
        executor.runAll();
        client.session().send(Event.of("E", "1"));
        client.session().send(Event.of("E", "2"));
        CompletableFuture<SessionStats> before = engine.stats(client.session()).toCompletableFuture();
        executor.runAll();
        assertThat(before.join().inbox() + before.join().backlogEvents()).isEqualTo(2);
        client.unstall();
        executor.runAll();
        assertThat(answer(engine.stats(client.session()))).satisfies(stats -> {
            assertThat(stats.inbox()).isZero();
            assertThat(stats.backlogEvents()).isZero();
            assertThat(stats.replayEvents()).isEqualTo(2);
            assertThat(stats.lastSeq()).isEqualTo(2);
            assertThat(stats.user()).isEqualTo("ann");
        });
        client.leave();
        executor.runAll();
        assertThat(answer(engine.stats(client.session())).attached()).isFalse();
    }

    @Test
    void hotGuildsAreThoseThatCostTheLanesMost() {
        Guild busy = engine.guild("busy");
        Guild large = engine.guild("large");
        engine.guild("idle");
        stalled(busy, "one");
        for (int i = 0; i < 50; i++) {
            stalled(large, "user");
        }
        executor.runAll();
        engine.hotGuilds(3);
        for (int i = 0; i < 20; i++) {
            busy.tryPublish(Event.of("E", "text"));
        }
        large.tryPublish(Event.of("E", "text"));
        clock.advance(Duration.ofSeconds(2));

        List<GuildStats> hottest = engine.hotGuilds(2);

        assertThat(hottest).extracting(GuildStats::id).containsExactly("large", "busy");
        assertThat(hottest.getLast()).satisfies(stats -> {
            assertThat(stats.eventsPerSecond()).isCloseTo(10, within(1e-9));
            assertThat(stats.deliveriesPerSecond()).isCloseTo(10, within(1e-9));
            assertThat(stats.published()).isEqualTo(20);
            assertThat(stats.backlog()).isEqualTo(20);
            assertThat(stats.subscriptions()).isEqualTo(1);
            assertThat(stats.epoch()).isEqualTo(busy.epoch());
        });
        assertThat(engine.hotGuilds(2)).isEqualTo(hottest); // looking again at once spoils nothing
        executor.runAll();
        clock.advance(Duration.ofSeconds(1));
        assertThat(engine.hotGuilds(1_000)).hasSize(3).allSatisfy(stats -> {
            assertThat(stats.eventsPerSecond()).isZero();
            assertThat(stats.backlog()).isZero();
        });
    }

    @Test
    void lanesTellWhatTheyOwnAndWhatWaits() {
        for (int i = 0; i < 4; i++) {
            stalled(engine.guild("g"), "user");
        }
        executor.runAll();
        engine.guild("g").tryPublish(Event.of("E", "text"));
        assertThat(engine.laneStats()).hasSize(2).allSatisfy(lane -> {
            assertThat(lane.sessions()).isEqualTo(2);
            assertThat(lane.waitingMarks()).isEqualTo(1);
            assertThat(lane.turns()).isPositive();
        });
        executor.runAll();
        List<LaneStats> lanes = engine.laneStats();
        assertThat(lanes).extracting(LaneStats::lane).containsExactly(0, 1);
        assertThat(lanes).allSatisfy(lane -> {
            assertThat(lane.delivered()).isEqualTo(2);
            assertThat(lane.waitingMarks() + lane.readyGuilds() + lane.readySessions())
                    .isZero();
            assertThat(lane.retainedBytes()).isPositive();
        });
    }

    @Test
    void numbersOutOfRangeThrow() {
        for (int wrong : new int[] {0, -1, 1_001}) {
            assertThatThrownBy(() -> engine.hotGuilds(wrong))
                    .hasMessageContaining("1 to 1000")
                    .hasMessageContaining("" + wrong);
            assertThatThrownBy(() -> engine.topSlowSessions(wrong)).hasMessageContaining("1 to 1000");
        }
    }

    @Test
    void everythingAnswersWhenTheEngineHasEnded() {
        InMemoryClient client = stalled(engine.guild("g"), "user");
        engine.guild("g").tryPublish(Event.of("E", "text"));
        CompletableFuture<List<SessionStats>> during = engine.topSlowSessions(1).toCompletableFuture();
        client.unstall();
        engine.drain();
        executor.runAll();
        assertThat(during).isDone();
        assertThat(answer(engine.topSlowSessions(1))).isEmpty();
        assertThat(answer(engine.stats(client.session())).backlogEvents()).isZero();
        assertThat(engine.hotGuilds(1)).hasSize(1);
        assertThat(engine.guild("g").tryPublish(Event.of("E", "late"))).isEqualTo(Outcome.CLOSED);
    }
}
