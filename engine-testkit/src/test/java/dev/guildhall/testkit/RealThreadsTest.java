package dev.guildhall.testkit;

import static dev.guildhall.testkit.EngineAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test's engine whose lanes and handlers run on threads. */
@Timeout(120)
class RealThreadsTest {
    private static final SessionOptions INLINE = SessionOptions.DEFAULT.withInline();

    private static TestEngine.Builder threads() {
        return TestEngine.builder().realThreads();
    }

    /** Plain fields, as those of application code that relies on the engine. */
    private static final class Counting implements GuildHandler {
        private int published;

        @Override
        public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
            published++;
            return PublishDecision.accept();
        }
    }

    @Test
    void settleWaitsForAllThatFollowsFromWhatWasPublished() {
        try (TestEngine test = threads().leaveSessionsOpen().open()) {
            Guild guild = test.guild("g");
            List<String> heard = new ArrayList<>();
            test.engine()
                    .openSession("bot", event -> {
                        heard.add(event.text());
                        int next = Integer.parseInt(event.text()) + 1;
                        if (next <= 2_000) {
                            guild.publish(Event.of("E", Integer.toString(next)));
                        }
                    })
                    .subscribe(guild);
            test.settle();
            guild.publish(Event.of("E", "1"));
            test.settle();
            assertThat(heard)
                    .isEqualTo(IntStream.rangeClosed(1, 2_000)
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    @Test
    void lanesRunAtOnce() {
        CyclicBarrier both = new CyclicBarrier(2);
        List<String> met = new ArrayList<>();
        try (TestEngine test = threads().leaveSessionsOpen().open()) {
            for (int i = 0; i < 2; i++) {
                test.engine()
                        .openSession("bot " + i, INLINE, event -> meet(both, met))
                        .subscribe(test.guild("g"));
            }
            test.guild("g").publish(Event.of("E", "1"));
            test.settle();
            assertThat(met).containsExactly("met", "met");
        }
    }

    private static void meet(CyclicBarrier both, List<String> met) {
        try {
            both.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        synchronized (met) {
            met.add("met");
        }
    }

    @Test
    void clientsAreCutComeBackAndLeaveAsWithOneThread() throws Exception {
        Counting handler = new Counting();
        try (TestEngine test = threads()
                .configure(engine -> engine.guildHandlers(id -> handler))
                .open()) {
            Guild guild = test.guild("g");
            TestClient ann = test.connect("ann");
            ann.subscribe(guild);
            test.settle();
            ann.cutAfter(2);
            for (String text : List.of("1", "2", "3")) {
                assertThat(test.call(() -> guild.publish(Event.of("E", text)))).isOrdered();
            }
            assertThat(ann).receivedTexts("1", "2").andNothingElse();
            assertThat(ann.resume()).succeeded();
            assertThat(ann)
                    .receivedTexts("1", "2", "3")
                    .inOrder()
                    .andNothingElse()
                    .withoutGap()
                    .isConnected();
            assertThat(handler.published).isEqualTo(3);
            ann.cut();
            test.advance(SessionOptions.DEFAULT_RESUME_WINDOW.plusSeconds(1));
            assertThat(ann.resume()).wasRefused(ResumeResult.Reason.EXPIRED);
        }
    }

    @Test
    void leaksAreNamedWithoutASeedThatWouldRepeatNothing() {
        TestEngine test = threads().open();
        test.engine().openSession("bot", event -> {}).subscribe(test.guild("lobby"));
        assertThatThrownBy(test::close)
                .hasMessageContaining("after the test: ")
                .hasMessageContaining("1 session is still open")
                .hasMessageContaining("1 subscription is left in guild lobby");
        assertThat(test.toString()).contains("real threads");
    }

    @Test
    void whoeverNeverComesToAnEndIsNotWaitedForInVain() {
        ThreadedTasks tasks = new ThreadedTasks(Duration.ofMillis(100));
        CountDownLatch mayEnd = new CountDownLatch(1);
        tasks.blocking().execute(() -> await(mayEnd));
        assertThatThrownBy(tasks::runAll)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("still busy after PT0.1S")
                .hasMessageContaining("1 waiting");
        Thread caller = Thread.ofVirtual().start(() -> await(mayEnd));
        assertThatThrownBy(() -> tasks.runUntilEndOf(caller)).hasMessageContaining("the code still waits after PT0.1S");
        mayEnd.countDown();
    }

    @Test
    void aTaskThatAnEndedLaneRejectsDoesNotCount() {
        ThreadedTasks tasks = new ThreadedTasks(Duration.ofSeconds(20));
        var lane = tasks.lane();
        lane.execute(() -> {});
        tasks.runAll();
        tasks.end();
        assertThatThrownBy(() -> lane.execute(() -> {})).hasMessageContaining("rejected");
        assertThat(tasks.waiting()).isZero();
        tasks.runAll();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
