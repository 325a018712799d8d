package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Refusals that need a guild's log or the engine to be at its bound. */
class ResumeRefusalTest {
    /** Kinds of attempts, and the number of the one to resume a session that has ended. */
    private static final int KINDS = 6;

    private static final int ENDED = 5;
    private static final int MAX_RESUMES = 16_384;

    @Test
    void whatALogOverwroteWhileTheSessionMovedEndsIt() {
        TwoLanes lanes = new TwoLanes(builder -> builder.logCapacity(64));
        InMemoryClient client = lanes.subscribed(SessionOptions.DEFAULT, 0);
        InMemoryClient next = lanes.resume(client, 1);
        lanes.first.runAll(); // it has left the first lane and not arrived at the second
        lanes.publish(65);
        assertThat(lanes.refusal(next)).isEqualTo(ResumeResult.Reason.EVENTS_LOST);
        assertThat(client.session().closeReason())
                .extracting(CloseReason::kind)
                .isEqualTo(CloseReason.Kind.RESUME_FAILED);
        assertThat(lanes.life).containsExactly("opened", "detached REPLACED", "closed RESUME_FAILED");
        assertThat(lanes.refusal(client.resume())).isEqualTo(ResumeResult.Reason.EXPIRED);
        lanes.drain();
    }

    @Test
    void whatALogStillHoldsIsReadFromIt() {
        TwoLanes lanes = new TwoLanes(builder -> builder.logCapacity(64));
        InMemoryClient client = lanes.subscribed(SessionOptions.DEFAULT, 0);
        InMemoryClient next = lanes.resume(client, 1);
        lanes.first.runAll();
        lanes.publish(64);
        assertThat(lanes.types(next)).hasSize(65).endsWith("RESUMED").containsOnlyOnce("RESUMED");
        lanes.drain();
    }

    @Test
    void tooManyAtOnceTowardsOneLaneAreRefusedAndEachEndsItsPlace() {
        TwoLanes lanes = new TwoLanes();
        InMemoryClient client =
                lanes.subscribed(SessionOptions.builder().maxReplayEvents(16).build(), 0);
        lanes.publish(40);
        lanes.read(client);
        InMemoryClient closed = lanes.subscribed(SessionOptions.DEFAULT, 1);
        closed.session().close(CloseReason.REQUESTED);
        lanes.runAll();
        for (int round = 0; round < 2; round++) {
            List<InMemoryClient> attempts = new ArrayList<>();
            for (int i = 0; i < MAX_RESUMES; i++) {
                attempts.add(lanes.transport.resume(
                        attempt(i, client, closed), lanes.engine.lanes().getFirst()));
            }
            InMemoryClient oneTooMany = lanes.resume(client, 0);
            assertThat(lanes.refusal(oneTooMany)).isEqualTo(ResumeResult.Reason.OVERLOADED);
            for (int i = ENDED; i < MAX_RESUMES; i += KINDS) { // others may be refused because the listener is behind
                assertThat(attempts.get(i).resumption().join())
                        .isEqualTo(new ResumeResult.Refused(ResumeResult.Reason.EXPIRED));
            }
        }
        InMemoryClient back = lanes.resumeFrom(client, 40);
        lanes.runAll();
        assertThat(back.resumption().join()).isInstanceOf(ResumeResult.Resumed.class);
        assertThat(lanes.engine.stats().sessions()).isEqualTo(1);
        lanes.drain();
    }

    private static ResumeRequest attempt(int number, InMemoryClient client, InMemoryClient closed) {
        InMemoryClient whose = number % KINDS == ENDED ? closed : client;
        String id = whose.session().id();
        String secret = whose.secret();
        return switch (number % KINDS) {
            case 0 -> new ResumeRequest(id, "wrong", 40, "client");
            case 1 -> new ResumeRequest(id, secret, -1, "client");
            case 2 -> new ResumeRequest(id, secret, Long.MAX_VALUE, "client");
            case 3 -> new ResumeRequest(id, secret, 1, "client");
            default -> new ResumeRequest(id, secret, 40, "client");
        };
    }
}
