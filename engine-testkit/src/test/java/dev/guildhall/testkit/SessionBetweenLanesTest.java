package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
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
}
