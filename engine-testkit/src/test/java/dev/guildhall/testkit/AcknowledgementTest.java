package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.spi.ResumeResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session makes of the numbers that a client says it has. */
class AcknowledgementTest {
    private final TwoLanes lanes = new TwoLanes();
    private final InMemoryClient client = lanes.subscribed(SessionOptions.DEFAULT, 0);

    AcknowledgementTest() {
        lanes.publish(10);
        lanes.read(client);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 100_000, Integer.MAX_VALUE + 11L, Long.MAX_VALUE, 0, -1, Long.MIN_VALUE})
    void aNumberThatWasNeverGivenIsIgnored(long seq) {
        client.acknowledge(seq);
        lanes.runAll();
        assertThat(lanes.read(lanes.resumeFrom(client, 0))).hasSize(11);
        lanes.drain();
    }

    @Test
    void whatIsAcknowledgedIsForgottenAndAnOlderNumberChangesNothing() {
        client.acknowledge(5);
        lanes.runAll();
        client.acknowledge(3);
        lanes.runAll();
        assertThat(lanes.refusal(lanes.resumeFrom(client, 4))).isEqualTo(ResumeResult.Reason.SEQ_TRIMMED);
        assertThat(lanes.read(lanes.resumeFrom(client, 5))).hasSize(6);
        lanes.drain();
    }

    @Test
    void anOldConnectionHasNothingToSay() {
        InMemoryClient second = lanes.resumeFrom(client, 2);
        lanes.runAll();
        client.acknowledge(10);
        lanes.runAll();
        assertThat(lanes.read(lanes.resumeFrom(second, 2))).hasSize(9);
        lanes.drain();
    }

    @Test
    void aSessionOfWhichEverythingIsAcknowledgedHoldsNoEvent() {
        long before = lanes.engine.stats().retainedBytes();
        client.acknowledge(10);
        lanes.runAll();
        assertThat(lanes.engine.stats().retainedBytes()).isLessThan(before);
        assertThat(lanes.read(lanes.resumeFrom(client, 10))).hasSize(1);
        lanes.drain();
    }
}
