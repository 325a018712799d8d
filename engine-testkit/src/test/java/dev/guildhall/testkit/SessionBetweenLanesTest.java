package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.AudienceOptions;
import dev.guildhall.CloseReason;
import dev.guildhall.Outcome;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A session that has left one lane and not arrived at the other when something happens to it. */
class SessionBetweenLanesTest {
    private final TwoLanes lanes = new TwoLanes();
    private final InMemoryClient client = lanes.subscribed(SessionOptions.DEFAULT, 0);

    private InMemoryClient half() {
        lanes.publish(3);
        InMemoryClient next = lanes.resume(client, 1);
        lanes.first.runAll();
        assertThat(next.resumption().isDone()).isFalse();
        assertThat(lanes.second.waiting()).isPositive();
        return next;
    }

    @Test
    void itIsClosedByADrainAndItsClientIsAnswered() {
        InMemoryClient next = half();
        CompletableFuture<?> drained = lanes.engine.drain().toCompletableFuture();
        lanes.first.runAll();
        assertThat(drained).isNotDone(); // the lane it left waits for nothing, the other one for it
        lanes.runAll();
        assertThat(drained).isDone();
        assertThat(next.resumption().isDone()).isTrue();
        assertThat(client.session().closeReason()).isEqualTo(CloseReason.ENGINE_CLOSED);
        assertThat(lanes.life).startsWith("opened", "detached REPLACED").endsWith("closed ENGINE_CLOSED");
        assertThat(lanes.life.stream().filter(call -> call.startsWith("closed")))
                .hasSize(1);
        assertThat(lanes.refusal(client.resume())).isEqualTo(ResumeResult.Reason.ENGINE_CLOSED);
        lanes.drain();
    }

    @Test
    void itIsClosedByTheApplicationAndTheResumeIsRefused() {
        InMemoryClient next = half();
        client.session().close(CloseReason.REQUESTED);
        client.session().close(CloseReason.CLIENT_LEFT);
        assertThat(lanes.refusal(next)).isEqualTo(ResumeResult.Reason.EXPIRED);
        assertThat(lanes.life).containsExactly("opened", "detached REPLACED", "closed REQUESTED");
        lanes.drain();
    }

    @Test
    void anotherResumeWaitsUntilItHasArrived() {
        InMemoryClient next = half();
        InMemoryClient third = lanes.resume(client, 0);
        lanes.first.runAll();
        assertThat(lanes.texts(third)).contains("0", "1", "2", "{}").hasSize(4);
        assertThat(next.closed()).isCompletedWithValue(CloseReason.REPLACED);
        assertThat(lanes.life)
                .containsExactly("opened", "detached REPLACED", "resumed", "detached REPLACED", "resumed");
        lanes.drain();
    }

    @Test
    void itsWindowDoesNotRunOutMeanwhile() {
        client.disconnect();
        lanes.runAll();
        InMemoryClient next = half();
        lanes.clock.advance(Duration.ofHours(1));
        assertThat(lanes.texts(next)).containsExactly("0", "1", "2", "{}");
        assertThat(client.session().isAttached()).isTrue();
        lanes.drain();
    }

    /** The events of a batch that is being delivered session by session are counted for one that arrives meanwhile, once. */
    @Test
    void aPassiveOneThatArrivesInTheMiddleOfABatchCountsTheWholeBatch() {
        TwoLanes large = new TwoLanes(builder -> builder.sessionMajorFrom(1).turnBudget(64));
        for (int i = 0; i < 100; i++) {
            large.subscribed(SessionOptions.DEFAULT, 1);
        }
        InMemoryClient passive = large.subscribed(SessionOptions.DEFAULT, 0);
        Subscription subscription = Objects.requireNonNull(passive.session().subscription(large.guild));
        assertThat(subscription.setMode(Subscription.Mode.PASSIVE).outcome()).isEqualTo(Outcome.ORDERED);
        large.runAll();

        large.publish(20);
        assertThat(large.second.runOne()).isTrue(); // a part of the batch
        InMemoryClient next = large.resume(passive, 1);
        large.first.runAll();
        assertThat(large.second.runOne()).isTrue();
        assertThat(next.resumption()).isDone();
        assertThat(large.texts(next)).containsExactly("{}"); // RESUMED
        large.publish(3);
        large.runAll();
        large.clock.advance(AudienceOptions.DEFAULT.unreadPeriod());

        assertThat(large.texts(next)).singleElement().asString().endsWith("\"unread\":23}");
        large.drain();
    }
}
