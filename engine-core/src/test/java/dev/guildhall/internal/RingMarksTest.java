package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a ring counts between its marks, and the space it takes. */
class RingMarksTest {
    private final OneRing one = new OneRing();
    private final SessionRing ring = one.ring;
    private final LaneCounters counters = one.events.counters;

    @AfterEach
    void close() {
        one.close();
    }

    // --- counting

    @Test
    void aValueThatIsWrittenAgainIsReplayed() {
        one.add(one.keyed("k", 100));
        one.write(1);
        ring.rewind(0);
        one.write(1);
        assertThat(counters.written).isEqualTo(1);
        assertThat(counters.replayed).isEqualTo(1);
    }

    @Test
    void whatIsTakenAndNotYetCountedIsNotUnsent() {
        one.addPlain(2);
        one.next();
        assertThat(ring.hasUnsent()).isTrue();
        one.next();
        assertThat(ring.hasUnsent()).isFalse();
    }

    @Test
    void unsentIsTheBacklogAndWhatIsWrittenAgain() {
        one.add(one.plain(100));
        one.add(one.plain(110));
        one.add(one.plain(120));
        one.write(2);
        assertThat(ring.unsentBytes()).isEqualTo(120);
        ring.rewind(1);
        assertThat(ring.unsentBytes()).isEqualTo(110 + 120);
    }

    @Test
    void theOldestAreForgottenByAge() {
        one.addPlain(4);
        one.write(3);
        assertThat(ring.oldestAge(99)).isZero();
        assertThat(ring.forgetOlderThan(2)).isEqualTo(2);
        assertThat(ring.oldestAge(99)).isEqualTo(2);
        assertThat(ring.replay).isEqualTo(1);
        assertThat(ring.replayBytes).isEqualTo(100);
        assertThat(ring.forgetOlderThan(99)).isEqualTo(1);
        assertThat(ring.oldestAge(99)).isEqualTo(99);
    }

    @Test
    void whatIsAcknowledgedTakesNoBytesOfReplay() {
        one.add(one.plain(100));
        one.add(one.plain(110));
        one.write(2);
        ring.acknowledge(1);
        assertThat(ring.replay).isEqualTo(1);
        assertThat(ring.replayBytes).isEqualTo(110);
    }

    @Test
    void anAcknowledgedRingIsEmptyThoughSomethingExpiredBehindIt() {
        one.addPlain(1);
        one.add(one.ephemeral());
        one.clock.advance(OneRing.TTL.plusNanos(1));
        one.write(1);
        assertThat(one.next()).isNull();
        ring.acknowledge(1);
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void aWrittenValueThatIsNotNeededAnyMoreTakesNoBytesOfReplay() {
        one.add(one.keyed("k", 100));
        one.write(1);
        one.add(one.keyed("k", 110));
        ring.rewind(0);
        assertThat(ring.replay).isZero();
        assertThat(ring.replayBytes).isZero();
        assertThat(ring.backlog()).isEqualTo(1);
        assertThat(ring.backlogBytes()).isEqualTo(110);
    }

    // --- room, as an append without the ring knows it

    @Test
    void roomIsWhatTheArrayHas() {
        one.addPlain(5);
        one.write(2);
        ring.acknowledge(2);
        assertThat(ring.roomEvents()).isEqualTo(8 - 3);
    }

    @Test
    void roomIsWhatTheBoundHas() {
        ring.maxBacklog = 4;
        ring.maxBacklogBytes = 1000;
        one.addPlain(3);
        assertThat(ring.roomEvents()).isEqualTo(1);
        assertThat(ring.roomBytes()).isEqualTo(700);
    }

    // --- space

    @Test
    void aBatchThatJustFitsTakesNoSpace() {
        assertThat(one.addBatch(8)).isTrue();
        assertThat(ring.capacity()).isEqualTo(8);
        one.write(4);
        ring.acknowledge(4);
        assertThat(one.addBatch(4)).isTrue();
        assertThat(ring.capacity()).isEqualTo(8);
        assertThat(one.addBatch(1)).isTrue();
        assertThat(ring.capacity()).isEqualTo(16);
        one.write(9);
        assertThat(one.next()).isNull();
    }

    @Test
    void halfOfItSkippedIsClosedUp() {
        LogEvent newest = addValues(5); // of which 4 are skipped
        one.addPlain(3 + 1);
        assertThat(ring.capacity()).isEqualTo(8);
        assertThat(one.next()).isSameAs(newest);
    }

    @Test
    void lessThanHalfOfItSkippedIsNot() {
        LogEvent newest = addValues(4);
        one.addPlain(4 + 1);
        assertThat(ring.capacity()).isEqualTo(16);
        assertThat(one.next()).isSameAs(newest);
    }

    private LogEvent addValues(int count) {
        for (int i = 1; i < count; i++) {
            one.add(one.keyed("k", 100));
        }
        LogEvent newest = one.keyed("k", 100);
        one.add(newest);
        return newest;
    }

    @Test
    void whatWasSpentBeforeAResumeIsClosedUp() {
        for (int i = 0; i < 4; i++) {
            one.add(one.ephemeral());
        }
        one.write(4);
        ring.rewind(0);
        assertThat(one.next()).isNull();
        assertThat(ring.replay).isZero();
        one.addPlain(4 + 1);
        assertThat(ring.capacity()).isEqualTo(8);
    }

    @Test
    void aRingOfWhichAnEighthIsInUseShrinks() {
        fillAndLeave(256, 32);
        ring.giveSpaceBack();
        assertThat(ring.capacity()).isEqualTo(64);
        one.write(32);
        assertThat(one.next()).isNull();
    }

    @Test
    void aRingOfWhichMoreIsInUseDoesNot() {
        fillAndLeave(256, 33);
        ring.giveSpaceBack();
        assertThat(ring.capacity()).isEqualTo(256);
    }

    @Test
    void aSmallerRingDoesNotShrink() {
        fillAndLeave(128, 1);
        ring.giveSpaceBack();
        assertThat(ring.capacity()).isEqualTo(128);
    }

    private void fillAndLeave(int all, int left) {
        one.addPlain(all);
        one.write(all - left);
        ring.acknowledge(all - left);
        assertThat(ring.capacity()).isEqualTo(all);
    }

    @Test
    void aClearedRingHasItsFirstSizeAndCanBePooled() {
        long bytes = one.events.bytes();
        one.addPlain(9);
        assertThat(ring.isSmall()).isFalse();
        assertThat(ring.clear()).isEqualTo(9);
        assertThat(ring.isSmall()).isTrue();
        assertThat(one.events.bytes()).isEqualTo(bytes);
    }
}
