package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.Received;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Events that are sent to one session. */
class DirectSendTest {
    private static final SessionOptions SMALL =
            SessionOptions.builder().maxBacklogEvents(128).build();
    private final TwoLanes lanes = new TwoLanes();
    private int sent;

    private void send(InMemoryClient client, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(client.session().send(Event.of("D", Integer.toString(sent++))))
                    .isEqualTo(Outcome.ENQUEUED);
        }
        lanes.runAll();
    }

    @Test
    void whatIsLostOfThemIsAGapWithoutAGuild() {
        InMemoryClient client = lanes.subscribed(
                SMALL.toBuilder().overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP).build(), 0);
        client.stall();
        send(client, 120);
        send(client, 120);
        client.unstall();
        List<Received> received = lanes.read(client);
        int lost = 240 - (received.size() - 1);
        assertThat(lost).isPositive();
        assertThat(received.getFirst().event().type()).isEqualTo(Event.GAP);
        assertThat(received.getFirst().event().text()).isEqualTo("{\"guild_id\":null,\"lost\":" + lost + "}");
        assertThat(received.stream().skip(1).map(next -> next.event().text()))
                .containsExactlyElementsOf(numbers(lost, 240));
        lanes.drain();
    }

    @Test
    void theyWaitForAClientThatMovesToAnotherLane() {
        InMemoryClient client = lanes.subscribed(SMALL, 0);
        send(client, 3);
        InMemoryClient next = lanes.resume(client, 1);
        lanes.first.runAll();
        for (int i = 0; i < 3; i++) { // while it belongs to no lane
            client.session().send(Event.of("D", Integer.toString(sent++)));
        }
        lanes.runAll();
        send(client, 3);
        List<String> texts = lanes.texts(next);
        assertThat(texts.stream().filter(text -> !text.equals("{}"))).containsExactlyElementsOf(numbers(0, 9));
        assertThat(texts).containsOnlyOnce("{}");
        lanes.drain();
    }

    @Test
    void aFullInboxIsSaid() {
        InMemoryClient client = lanes.subscribed(SMALL, 0);
        for (int i = 0; i < 128; i++) {
            assertThat(client.session().send(Event.of("D", "x"))).isEqualTo(Outcome.ENQUEUED);
        }
        assertThat(client.session().send(Event.of("D", "x"))).isEqualTo(Outcome.BACK_PRESSURED);
        assertThat(lanes.read(client)).hasSize(128);
        lanes.drain();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }
}
