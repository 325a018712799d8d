package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A ring at its bounds: what it takes, what it drops, to the event and the byte, and what a client that comes back finds. */
class RingBoundsTest {
    private static final Incarnation GUILD = new Incarnation("g", 1);
    private static final Incarnation OTHER = new Incarnation("o", 1);

    private OneRing one = new OneRing();
    private SessionRing ring = one.ring;

    @AfterEach
    void close() {
        one.close();
    }

    private LaneCounters counters() {
        return one.events.counters;
    }

    private void assertLost(Incarnation guild, long offset) {
        KnownLosses losses = Objects.requireNonNull(one.session.losses(), "losses");
        assertThat(losses.contains(guild, offset)).isTrue();
    }

    // --- taking

    @Test
    void aBatchMayFillTheBoundOfEventsAndNoMore() {
        ring.maxBacklog = 3;
        assertThat(one.addBatch(2)).isTrue();
        assertThat(one.addBatch(2)).isFalse();
        assertThat(one.addBatch(1)).isTrue();
    }

    @Test
    void aBatchMayFillTheBoundOfBytesAndNoMore() {
        ring.maxBacklogBytes = 300;
        assertThat(one.addBatch(2)).isTrue();
        assertThat(one.addBatch(2)).isFalse();
        assertThat(one.addBatch(1)).isTrue();
    }

    @Test
    void aValueMayFillTheBoundOfEventsAndNoMore() {
        ring.maxBacklog = 2;
        assertThat(one.add(one.keyed("a", 100))).isTrue();
        assertThat(one.add(one.keyed("b", 100))).isTrue();
        assertThat(one.add(one.keyed("c", 100))).isFalse();
        assertThat(one.add(one.keyed("b", 100))).isTrue();
    }

    @Test
    void aValueMayFillTheBoundOfBytesAndNoMore() {
        ring.maxBacklogBytes = 300;
        assertThat(one.add(one.keyed("a", 150))).isTrue();
        assertThat(one.add(one.keyed("b", 151))).isFalse();
        assertThat(one.add(one.keyed("b", 150))).isTrue();
    }

    @Test
    void aValueOfAllTheBytesHasRoomIfItReplacesWhatIsThere() {
        ring.maxBacklogBytes = 300;
        one.add(one.keyed("k", 100));
        assertThat(one.add(one.keyed("k", 301))).isFalse();
        assertThat(ring.backlogBytes()).isEqualTo(100);
        assertThat(one.add(one.keyed("k", 300))).isTrue();
        assertThat(ring.backlogBytes()).isEqualTo(300);
    }

    @Test
    void aSealedRingTakesNothingAndKeepsWhatItHas() {
        one.add(one.keyed("k", 100));
        ring.seal();
        assertThat(one.add(one.keyed("k", 110))).isFalse();
        assertThat(ring.backlogBytes()).isEqualTo(100);
    }

    @Test
    void aSealedRingStaysWithItsSessionThoughItIsEmpty() {
        assertThat(ring.isEmpty()).isTrue();
        ring.seal();
        assertThat(ring.isEmpty()).isFalse();
    }

    // --- while the client is away

    @Test
    void theRingOfASessionWhoseClientIsAwayHasTwiceTheBounds() {
        int events = ring.maxBacklog;
        int bytes = ring.maxBacklogBytes;
        ring.unassign();
        one.session.attached = false;
        ring.assign(one.session, 0);
        assertThat(ring.isRelaxed()).isTrue();
        assertThat(ring.maxBacklog).isEqualTo(2 * events);
        assertThat(ring.maxBacklogBytes).isEqualTo(2 * bytes);
    }

    @Test
    void theBoundsStayDoubledUntilAllWasWrittenToAClientThatIsBack() {
        int events = ring.maxBacklog;
        int bytes = ring.maxBacklogBytes;
        one.addPlain(1);
        ring.relax();
        ring.settle();
        assertThat(ring.isRelaxed()).isTrue();
        one.write(1);
        one.session.attached = false;
        ring.settle();
        assertThat(ring.isRelaxed()).isTrue();
        one.session.attached = true;
        ring.settle();
        assertThat(ring.isRelaxed()).isFalse();
        assertThat(ring.maxBacklog).isEqualTo(events);
        assertThat(ring.maxBacklogBytes).isEqualTo(bytes);
        ring.settle();
        assertThat(ring.maxBacklog).isEqualTo(events);
        assertThat(ring.maxBacklogBytes).isEqualTo(bytes);
    }

    @Test
    void aTurnEndsWithoutWhatExpiredAndWithoutTheSpaceItTook() {
        for (int i = 0; i < 256; i++) {
            one.add(one.ephemeral());
        }
        one.clock.advance(OneRing.TTL.plusNanos(1));
        assertThat(one.next()).isNull();
        ring.endWriting();
        assertThat(ring.isEmpty()).isFalse();
        assertThat(ring.capacity()).isEqualTo(256);
        ring.settle();
        assertThat(ring.isEmpty()).isTrue();
        assertThat(ring.capacity()).isEqualTo(64);
    }

    // --- dropping

    @Test
    void whatExpiresIsKnownToBeLost() {
        one.add(one.ephemeral(GUILD, 7));
        one.addPlain(1);
        one.clock.advance(OneRing.TTL.plusNanos(1));
        assertThat(one.next()).isInstanceOf(Event.class);
        ring.endWriting();
        assertLost(GUILD, 7);
        assertThat(counters().dropped).isEqualTo(1);
        assertThat(counters().written).isEqualTo(1);
        assertThat(ring.ackedSeq() + ring.replay).isEqualTo(1);
        assertThat(ring.dropEphemerals()).isFalse();
    }

    @Test
    void ephemeralsAreDroppedAndKnownToBeLost() {
        one.addPlain(2);
        assertThat(ring.dropEphemerals()).isFalse();
        one.add(one.ephemeral(GUILD, 7));
        one.addPlain(1);
        assertThat(ring.dropEphemerals()).isTrue();
        assertLost(GUILD, 7);
        assertThat(counters().dropped).isEqualTo(1);
        assertThat(ring.backlog()).isEqualTo(3);
        assertThat(ring.dropEphemerals()).isFalse();
    }

    /** By the golden ratio of the number: 8 and 8 times the fraction, cut off. */
    @ParameterizedTest
    @CsvSource({"0, 8", "1, 12", "2, 9", "8, 15"})
    void theOldestSixteenthOrMoreIsDroppedByTheNumberOfTheSession(long number, int dropped) {
        swapSession(number);
        ring.maxBacklog = 128;
        one.addPlain(128);
        ring.dropOldest();
        assertThat(counters().dropped).isEqualTo(dropped);
        assertThat(ring.backlog()).isEqualTo(128 - dropped + 1);
    }

    @ParameterizedTest
    @CsvSource({"0, 8", "1, 13", "2, 10", "8, 16"})
    void orSixteenthOfTheBytes(long number, int dropped) {
        swapSession(number);
        ring.maxBacklogBytes = 12_800;
        one.addPlain(128);
        ring.dropOldest();
        assertThat(counters().dropped).isEqualTo(dropped);
        assertThat(ring.backlog()).isEqualTo(128 - dropped + 1);
    }

    private void swapSession(long number) {
        one.close();
        one = new OneRing(number);
        ring = one.ring;
    }

    @Test
    void halfOfTheEventsAreDropped() {
        ring.maxBacklog = 10;
        one.addPlain(10);
        ring.dropHalf();
        assertThat(counters().dropped).isEqualTo(5);
    }

    @Test
    void halfOfTheBytesAreDropped() {
        ring.maxBacklogBytes = 1_000;
        one.addPlain(10);
        ring.dropHalf();
        assertThat(counters().dropped).isEqualTo(5);
    }

    @Test
    void allOfAGuildBecomesOneNotice() {
        one.addPlain(3);
        ring.dropAll();
        assertThat(ring.backlog()).isEqualTo(1);
        assertThat(one.next()).isInstanceOf(GapNotice.class);
    }

    // --- notices that fill the backlog

    /** Leaves notices of two guilds. */
    private void dropAllOfTwoGuilds() {
        ring.addNotice(GapNotice.of(GUILD, 0, 0, 1));
        ring.addNotice(GapNotice.of(OTHER, 0, 0, 1));
        ring.dropAll();
        assertThat(ring.backlog()).isEqualTo(2);
    }

    private LogEvent lostOf(Incarnation guild) {
        return one.ephemeral(guild, 1);
    }

    @Test
    void aBacklogThatIsHalfFullOfNoticesAddsALossToThem() {
        ring.maxBacklog = 4;
        dropAllOfTwoGuilds();
        assertThat(ring.addToNotice(lostOf(GUILD))).isTrue();
        assertThat(ring.backlog()).isEqualTo(2);
        assertThat(((GapNotice) Objects.requireNonNull(one.next())).lost).isEqualTo(2);
    }

    @Test
    void aBacklogWithFewerNoticesDoesNot() {
        ring.maxBacklog = 6;
        dropAllOfTwoGuilds();
        assertThat(ring.addToNotice(lostOf(GUILD))).isFalse();
    }

    @Test
    void norDoesOneOfWhichSomethingWasWritten() {
        ring.maxBacklog = 4;
        dropAllOfTwoGuilds();
        ring.endWriting(); // nothing was taken
        assertThat(ring.addToNotice(lostOf(GUILD))).isTrue();
        one.write(1);
        assertThat(ring.addToNotice(lostOf(OTHER))).isFalse();
    }

    // --- values that a newer one replaced

    @Test
    void aSessionThatWasSparedAValueKnowsItWithoutTheRing() {
        one.add(one.keyed("k", 100));
        assertThat(ring.hasConflated()).isFalse();
        LogEvent newer = one.keyed("k", 100);
        one.add(newer);
        assertThat(ring.hasConflated()).isTrue();
        assertThat(ring.eventAt(0)).isNull();
        assertThat(ring.eventAt(1)).isSameAs(newer);
        assertThat(one.session.hasConflated()).isFalse();
        ring.clear();
        ring.unassign();
        assertThat(one.session.hasConflated()).isTrue();
    }

    @Test
    void aSessionThatWasNotDoesNot() {
        one.add(one.keyed("k", 100));
        ring.clear();
        ring.unassign();
        assertThat(one.session.hasConflated()).isFalse();
    }

    // --- coming back

    @Test
    void noticesOfComingBackThatWereNotWrittenLeaveTheirSpace() {
        for (int i = 0; i < 4; i++) {
            ring.addNotice(LogEvent.mark(Event.RESUMED, new byte[] {}));
        }
        ring.rewind(0);
        assertThat(ring.isEmpty()).isTrue();
        LogEvent first = one.plain(100);
        one.add(first);
        one.addPlain(8);
        assertThat(ring.capacity()).isEqualTo(16);
        assertThat(one.next()).isSameAs(first);
        one.write(8);
        assertThat(one.next()).isNull();
    }

    @Test
    void ephemeralsThatCameFromAnotherLaneCanBeDropped() {
        one.addPlain(1);
        one.add(one.ephemeral());
        SessionRing.Content content = ring.unload();
        ring.load(content);
        assertThat(ring.backlog()).isEqualTo(2);
        assertThat(ring.dropEphemerals()).isTrue();
        assertThat(ring.backlog()).isEqualTo(1);
    }
}
