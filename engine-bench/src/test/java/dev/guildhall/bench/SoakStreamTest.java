package dev.guildhall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The balance of a soak fails when it should. Event n has the offset 10 n. */
class SoakStreamTest {
    private final SoakLedger ledger = new SoakLedger();
    private final SoakTally tally = new SoakTally();
    private final SoakStream stream = new SoakStream("ann", ledger, tally);

    private void publish(int events) {
        for (int i = 0; i < events; i++) {
            ledger.record(10 * ledger.published());
        }
    }

    @Test
    void whatComesOnceInOrderIsAccountedFor() {
        publish(3);
        stream.receive(1);
        stream.begin(7);
        stream.receive(2);
        assertThat(stream.isComplete()).isTrue();
        stream.settle();
        assertThat(tally.unaccounted).hasValue(0);
        assertThat(tally.deliveries).hasValue(2);
    }

    @Test
    void whatIsMissingAtTheBeginningInTheMiddleAndAtTheEndIsNot() {
        publish(6);
        stream.begin(0);
        stream.receive(1);
        stream.receive(3);
        assertThat(stream.isComplete()).isFalse();
        stream.settle();
        assertThat(tally.unaccounted).hasValue(4);
    }

    @Test
    void whatIsMissingBeforeTheFirstEventIsFoundWhenTheBeginningIsTold() {
        publish(3);
        stream.receive(2);
        stream.begin(10);
        assertThat(tally.unaccounted).hasValue(1);
    }

    @Test
    void whatWasOrderedBeforeTheSubscriptionAndRecordedAfterwardsIsNotDue() {
        publish(3);
        stream.begin(31);
        publish(2);
        assertThat(stream.isComplete()).isFalse();
        stream.receive(4);
        stream.settle();
        assertThat(tally.unaccounted).hasValue(0);
    }

    @Test
    void whatIsForgottenIsDue() {
        stream.begin(0);
        publish(SoakLedger.REMEMBERED + 1);
        stream.receive(2);
        assertThat(tally.unaccounted).hasValue(2);
    }

    @Test
    void aGapAccountsForItsOffsetsOnly() {
        publish(5);
        stream.begin(0);
        stream.receive(0);
        stream.gap(10, 20);
        stream.receive(4);
        assertThat(tally.inGaps).hasValue(2);
        assertThat(tally.unaccounted).hasValue(1);
    }

    @Test
    void aGapIsNoExcuseForWhatIsLostLater() {
        publish(3);
        stream.begin(0);
        stream.gap(0, 1_000);
        stream.receive(1);
        stream.settle();
        assertThat(tally.unaccounted).hasValue(1);
    }

    @Test
    void whatComesAgainIsNot() {
        publish(2);
        stream.begin(0);
        stream.receive(0);
        stream.receive(0);
        stream.receiveEphemeral(5);
        stream.receiveEphemeral(5);
        assertThat(tally.unaccounted).hasValue(2);
    }
}
