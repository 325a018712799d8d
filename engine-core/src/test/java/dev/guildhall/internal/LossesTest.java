package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a ring drops of its oldest, and what it tells of that and counts. */
class LossesTest {
    private static final Incarnation GUILD = new Incarnation("g", 1);
    private static final Incarnation OTHER = new Incarnation("h", 1);
    private static final int MANY = 1 << 20;

    private final Engine engine = Engine.builder().lanes(1).open();
    private final EventTable events = new EventTable(new LaneCounters());
    private final LocalSession session = LocalSession.ofClient(
            (LocalEngine) engine,
            ((LocalEngine) engine).laneArray()[0],
            0,
            "client",
            SessionOptions.builder().maxBacklogEvents(128).build(),
            new OneRing.NoConnection());
    private final SessionRing ring = new SessionRing(events);

    LossesTest() {
        ring.assign(session, 0);
    }

    @AfterEach
    void close() {
        ring.clear();
        assertThat(events.size()).as("events that nobody holds").isZero();
        engine.close();
    }

    private static LogEvent event(Incarnation guild, long offset) {
        EventBody body = new EventBody("E", new byte[0], Delivery.RELIABLE);
        LogEvent event = new LogEvent(body, Address.EVERYBODY, guild);
        event.offset = offset;
        return event;
    }

    private static LogEvent ephemeral(long offset) {
        EventBody body = new EventBody("E", new byte[0], Delivery.ephemeral(Duration.ofHours(1)));
        LogEvent event =
                new ExpiringEvent(body, Address.EVERYBODY, GUILD, EngineClock.SYSTEM.nanoTime() + 3_600_000_000_000L);
        event.offset = offset;
        return event;
    }

    private void add(LogEvent event) {
        int place = events.take(event);
        assertThat(ring.add(place)).isTrue();
        events.release(place);
    }

    private void add(long from, long to) {
        for (long offset = from; offset <= to; offset++) {
            add(event(GUILD, offset));
        }
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(ring.next(EngineClock.SYSTEM)).isNotNull();
        }
        ring.endWriting();
    }

    /** What this connection has not been written: offsets, and ranges with what was lost. */
    private List<String> unsent() {
        List<String> texts = new ArrayList<>();
        for (LogEvent event : unsentEvents()) {
            String guild = event.incarnation().guildId();
            texts.add(
                    event instanceof GapNotice gap
                            ? guild + gap.from + "-" + gap.offset + ":" + gap.lost
                            : event.isMark() ? event.type() : guild + event.offset);
        }
        return texts;
    }

    private List<LogEvent> unsentEvents() {
        List<LogEvent> all = new ArrayList<>();
        for (int position = ring.sent; position != ring.head; position++) {
            LogEvent event = ring.eventAt(position);
            if (event != null) {
                all.add(event);
            }
        }
        return all;
    }

    private void assertCountsAreThoseOfWhatIsThere() {
        int backlog = 0;
        int backlogBytes = 0;
        int replay = 0;
        int replayBytes = 0;
        int skipped = 0;
        for (int position = ring.acked; position != ring.head; position++) {
            LogEvent event = ring.eventAt(position);
            int weight = event == null ? 0 : event.weight();
            if (event == null) {
                skipped++;
            } else if (position - ring.written >= 0) {
                backlog++;
                backlogBytes += weight;
            } else {
                replay++;
                replayBytes += weight;
            }
        }
        assertThat(ring.backlog).isEqualTo(backlog);
        assertThat(ring.backlogBytes).isEqualTo(backlogBytes);
        assertThat(ring.replay).isEqualTo(replay);
        assertThat(ring.replayBytes).isEqualTo(replayBytes);
        assertThat(ring.skipped).isEqualTo(skipped);
    }

    private KnownLosses known() {
        return Objects.requireNonNull(session.losses());
    }

    @Test
    void dropsNoMoreThanItMust() {
        add(0, 9);
        Losses.drop(ring, 4, MANY);
        assertThat(unsent()).containsExactly("g0-5:6", "g6", "g7", "g8", "g9");
        assertThat(events.counters.dropped).isEqualTo(6);
        assertThat(events.counters.gaps).isEqualTo(6);
        assertThat(events.counters.delivered).as("the notice").isEqualTo(1);
        assertCountsAreThoseOfWhatIsThere();
    }

    @Test
    void dropsNoMoreBytesThanItMust() {
        add(0, 9);
        Losses.drop(ring, MANY, 4 * event(GUILD, 0).weight());
        assertThat(unsent()).containsExactly("g0-5:6", "g6", "g7", "g8", "g9");
    }

    @Test
    void keepsNoPlaceOfWhatWasDroppedBeforeAnythingElse() {
        add(0, 9);
        Losses.drop(ring, 4, MANY);
        assertThat(ring.skipped).isZero();
        assertThat(ring.head - ring.acked).isEqualTo(5);
        assertThat(ring.sent).isEqualTo(ring.acked);
    }

    @Test
    void isEmptyWhenOnlyWhatCountsForAMomentWasDropped() {
        add(ephemeral(0));
        add(ephemeral(1));
        Losses.drop(ring, 0, 0);
        assertThat(ring.isEmpty()).isTrue();
        assertThat(ring.ephemerals).isZero();
        assertThat(known().contains(GUILD, 0)).isTrue();
        assertThat(known().contains(GUILD, 1)).isTrue();
        assertThat(events.counters.dropped).isEqualTo(2);
        assertThat(events.counters.gaps).isZero();
    }

    @Test
    void tellsOfEachGuildOnceAtTheLastOfWhatIsLost() {
        add(event(GUILD, 3));
        add(event(OTHER, 8));
        add(event(GUILD, 5));
        add(event(OTHER, 9));
        add(event(GUILD, 6));
        Losses.drop(ring, 1, MANY);
        assertThat(unsent()).containsExactly("g3-5:2", "h8-9:2", "g6");
        assertThat(known().contains(GUILD, 4)).isTrue();
        assertThat(known().contains(OTHER, 8)).isTrue();
        assertThat(known().contains(GUILD, 6)).isFalse();
    }

    @Test
    void tellsBeforeAMarkWhatWasLostBeforeIt() {
        add(0, 1);
        ring.addNotice(LogEvent.mark(Event.RESUMED, new byte[0]));
        add(2, 3);
        Losses.drop(ring, -1, -1);
        assertThat(unsent()).containsExactly("g0-1:2", Event.RESUMED, "g2-3:2");
        assertCountsAreThoseOfWhatIsThere();
    }

    @Test
    void whatWasWrittenToAnotherConnectionIsDroppedOnlyWithAllElse() {
        add(0, 5);
        write(3);
        ring.rewind(0);
        Losses.drop(ring, 0, 0);
        assertThat(unsent()).containsExactly("g0", "g1", "g2", "g3-5:3");
        assertCountsAreThoseOfWhatIsThere();
        Losses.drop(ring, -1, -1);
        assertThat(unsent()).containsExactly("g0-5:6");
        assertCountsAreThoseOfWhatIsThere();
    }

    @Test
    void aNoticeMayTakeTheLastPlaceOfWhatWasWrittenToAnotherConnection() {
        add(event(GUILD, 0));
        add(event(GUILD, 1));
        add(event(OTHER, 2));
        write(2);
        ring.rewind(0);
        Losses.drop(ring, -1, -1);
        assertThat(unsent()).containsExactly("g0-1:2", "h2-2:1");
        assertThat(ring.replay).isEqualTo(1);
        assertCountsAreThoseOfWhatIsThere();
        assertThat(events.counters.dropped).as("what was never written").isEqualTo(1);
    }

    @Test
    void aNoticeThatIsLostAloneStaysTheSame() {
        GapNotice notice = GapNotice.of(GUILD, 2, 7, 4);
        add(notice);
        add(event(OTHER, 0));
        Losses.drop(ring, 1, MANY);
        assertThat(unsentEvents().getFirst()).isSameAs(notice);
        assertThat(events.counters.gaps).as("which were counted before").isZero();
    }

    @Test
    void noticesThatAreLostAreToldOfTogether() {
        add(GapNotice.of(GUILD, 2, 7, 4));
        add(event(GUILD, 8));
        add(GapNotice.of(GUILD, 1, 9, 3)); // of a time when its interests were not certain
        Losses.drop(ring, 0, 0);
        assertThat(unsent()).containsExactly("g1-9:8");
    }

    @Test
    void aSummaryWithAnOlderPlaceDoesNotHideWhatIsLostBeforeIt() {
        add(event(GUILD, 12));
        add(Unread.summary(GUILD, 3, 10, 8));
        Losses.drop(ring, 0, 0);
        assertThat(unsent()).containsExactly("g10-12:2");
        assertThat(known().contains(GUILD, 12)).isTrue();
    }

    @Test
    void theNoticeOfDirectSendsHasNoPlaceEither() {
        add(event(Incarnation.NONE, -1));
        add(event(Incarnation.NONE, -1));
        Losses.drop(ring, 0, 0);
        assertThat(unsent()).containsExactly("-1--1:2");
    }

    // --- adding to a notice

    /** Nothing but the notice is not written, and the places after it were used before. */
    private void addNoticeAfterWhatWasAcknowledged(long from, long to, long lost) {
        for (int i = 0; i < 8; i++) {
            add(event(OTHER, i));
        }
        write(8);
        ring.acknowledge(8);
        ring.addNotice(GapNotice.of(GUILD, from, to, lost));
    }

    @Test
    void theNoticeOfTheGuildIsWidened() {
        addNoticeAfterWhatWasAcknowledged(5, 9, 9);
        LogEvent lost = event(GUILD, 10);
        assertThat(Losses.addToNotice(ring, lost)).isTrue();
        assertThat(unsent()).containsExactly("g5-10:10");
        assertThat(events.counters.dropped).isEqualTo(1);
        assertThat(events.counters.gaps).isEqualTo(1);
        assertThat(known().contains(GUILD, 10)).isTrue();
        assertThat(events.size()).isEqualTo(1);
        assertCountsAreThoseOfWhatIsThere();
    }

    @Test
    void noOtherGuildsNoticeIsWidened() {
        add(event(OTHER, 0));
        ring.addNotice(GapNotice.of(GUILD, 5, 9, 9));
        assertThat(Losses.addToNotice(ring, event(OTHER, 1))).isFalse();
        assertThat(unsent()).containsExactly("h0", "g5-9:9");
    }

    @Test
    void theNewestNoticeIsWidenedWhateverFollowsIt() {
        ring.addNotice(GapNotice.of(GUILD, 1, 2, 2));
        ring.addNotice(LogEvent.mark(Event.RESUMED, new byte[0]));
        ring.addNotice(GapNotice.of(GUILD, 3, 4, 2));
        add(event(OTHER, 0));
        add(event(OTHER, 1));
        ring.skip(ring.head - 1);
        assertThat(Losses.addToNotice(ring, event(GUILD, 6))).isTrue();
        assertThat(unsent()).containsExactly("g1-2:2", Event.RESUMED, "g3-6:3", "h0");
    }

    @Test
    void aNoticeThatWasWrittenIsNotWidened() {
        ring.addNotice(GapNotice.of(GUILD, 1, 2, 2));
        add(event(OTHER, 0));
        write(2);
        add(event(OTHER, 1));
        assertThat(Losses.addToNotice(ring, event(GUILD, 3))).isFalse();
        assertThat(((GapNotice) Objects.requireNonNull(ring.eventAt(ring.acked))).offset)
                .isEqualTo(2);
    }

    @Test
    void aSummaryWithAnOlderPlaceWidensTheNoticeDownwards() {
        ring.addNotice(GapNotice.of(GUILD, 12, 14, 3));
        assertThat(Losses.addToNotice(ring, Unread.summary(GUILD, 3, 10, 8))).isTrue();
        assertThat(unsent()).containsExactly("g10-14:4");
    }
}
