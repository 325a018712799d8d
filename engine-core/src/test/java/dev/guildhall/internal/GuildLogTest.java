package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.History;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GuildLogTest {
    private final GuildLog log = new GuildLog(128, EngineClock.SYSTEM, 1_000_000_000L, Runnable::run);

    @Test
    void runsFreeWithoutASlice() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(append()).isEqualTo(i);
        }
        assertThat(log.end()).isEqualTo(10_000);
    }

    @Test
    void holdsTheLastEventsAndKnowsThatOthersWereOverwritten() {
        for (int i = 0; i < 300; i++) {
            append();
        }
        assertThat(log.isPresent(299)).isTrue();
        assertThat(log.isPresent(172)).isTrue();
        assertThat(log.isPresent(171)).isFalse();
        assertThat(log.read(171))
                .isInstanceOfSatisfying(
                        LogEvent.class, event -> assertThat(event.offset).isEqualTo(299));
        assertThat(log.isPresent(300)).isFalse();
    }

    @Test
    void aClaimedSlotReadsAsEmptyUntilItIsFilled() {
        long offset = log.claim();
        assertThat(log.isPresent(offset)).isFalse();
        LogEvent event = LogEvent.create("E", new byte[0]);
        event.offset = offset;
        log.store(offset, event);
        assertThat(log.isPresent(offset)).isTrue();
    }

    @Test
    void aPublisherThatWasLappedBetweenClaimAndStoreSpoilsNothing() {
        long late = log.claim();
        for (int i = 0; i < 128; i++) {
            append();
        }
        LogEvent event = LogEvent.create("LATE", new byte[0]);
        event.offset = late;
        log.store(late, event);
        assertThat(log.isPresent(128)).isTrue();
    }

    @Test
    void isFullBehindTheSmallestCursorAndHasRoomWhenItMoves() {
        try (LocalEngine engine = (LocalEngine) Engine.open()) {
            LocalGuild guild = (LocalGuild) engine.guild("g");
            Slice slice = new InlineSlice(new GuildLane(guild, engine.laneArray()[0]));
            append();
            log.register(slice);
            assertThat(slice.cursor.getPlain()).isEqualTo(1);
            for (int i = 0; i < 128; i++) {
                assertThat(append()).isEqualTo(i + 1);
            }
            assertThat(append()).isEqualTo(GuildLog.FULL);
            slice.cursor.setRelease(2);
            assertThat(append()).isEqualTo(129);
            assertThat(append()).isEqualTo(GuildLog.FULL);
            log.deregister(slice);
            assertThat(append()).isEqualTo(130);
        }
    }

    @Test
    void takesNothingAfterItWasClosed() {
        append();
        log.close();
        log.close();
        assertThat(log.claim()).isEqualTo(GuildLog.CLOSED);
        assertThat(log.end()).isEqualTo(1);
        assertThat(log.isClosed()).isTrue();
    }

    @Test
    void closesOnlyWhereTheCallerHasSeenTheEnd() {
        append();
        assertThat(log.isClosed()).isFalse();
        assertThat(log.tryClose(0)).isFalse();
        assertThat(log.claim()).isEqualTo(1);
        assertThat(log.tryClose(2)).isTrue();
        assertThat(log.claim()).isEqualTo(GuildLog.CLOSED);
    }

    @Test
    void onlyASliceThatStoodStillForTheWholeTimeIsLapped() {
        HandClock clock = new HandClock();
        GuildLog stalling = new GuildLog(128, clock, 1_000, Runnable::run);
        try (LocalEngine engine = (LocalEngine) Engine.builder().lanes(2).open()) {
            LocalGuild guild = (LocalGuild) engine.guild("g");
            Slice stuck = new InlineSlice(new GuildLane(guild, engine.laneArray()[0]));
            Slice upToDate = new InlineSlice(new GuildLane(guild, engine.laneArray()[1]));
            stalling.register(stuck);
            stalling.register(upToDate);
            for (int i = 0; i < 128; i++) {
                assertThat(stalling.claim()).isEqualTo(i);
            }
            upToDate.cursor.setRelease(128);
            assertThat(stalling.backlog()).isEqualTo(128);
            assertThat(stalling.claim()).isEqualTo(GuildLog.FULL);
            clock.advance(Duration.ofNanos(999));
            assertThat(stalling.claim()).isEqualTo(GuildLog.FULL);
            assertThat(stuck.lapped).isFalse();
            clock.advance(Duration.ofNanos(1));
            assertThat(stalling.claim()).isEqualTo(128);
            assertThat(stuck.lapped).isTrue();
            assertThat(upToDate.lapped).isFalse();
            assertThat(stalling.backlog()).isEqualTo(1);
        }
    }

    @Test
    void aSliceThatIsTakenOutLeavesTheOthersInPlace() {
        try (LocalEngine engine = (LocalEngine) Engine.builder().lanes(2).open()) {
            LocalGuild guild = (LocalGuild) engine.guild("g");
            Slice one = new InlineSlice(new GuildLane(guild, engine.laneArray()[0]));
            Slice other = new InlineSlice(new GuildLane(guild, engine.laneArray()[1]));
            log.register(one);
            log.register(other);
            log.deregister(one);
            for (int i = 0; i < 128; i++) {
                append();
            }
            assertThat(append()).isEqualTo(GuildLog.FULL);
            assertThat(log.backlog()).isEqualTo(128);
        }
    }

    @Test
    void theTimeOfASliceBeginsWhenTheLogIsFull() {
        HandClock clock = new HandClock();
        GuildLog stalling = new GuildLog(128, clock, 1_000, Runnable::run);
        try (LocalEngine engine = (LocalEngine) Engine.builder().lanes(1).open()) {
            LocalGuild guild = (LocalGuild) engine.guild("g");
            Slice slice = new InlineSlice(new GuildLane(guild, engine.laneArray()[0]));
            stalling.register(slice);
            for (int i = 0; i < 128; i++) {
                assertThat(stalling.claim()).isEqualTo(i);
            }
            slice.cursor.setRelease(64);
            for (int i = 128; i < 192; i++) {
                assertThat(stalling.claim()).isEqualTo(i);
            }
            clock.advance(Duration.ofNanos(1_000));
            assertThat(stalling.claim()).isEqualTo(GuildLog.FULL);
            assertThat(slice.lapped).isFalse();
        }
    }

    @Test
    void whatIsCountedIsCountedWhenTheLastSliceThatHasNotPassedItIsTakenOut() {
        try (LocalEngine engine = (LocalEngine) Engine.builder().lanes(1).open()) {
            LocalGuild guild = (LocalGuild) engine.guild("g");
            Slice slice = new InlineSlice(new GuildLane(guild, engine.laneArray()[0]));
            log.register(slice);
            LogEvent event = LogEvent.create("E", new byte[0]);
            CompletableFuture<Long> count = log.counts().watch(event);
            event.offset = log.claim();
            log.store(event.offset, event);
            log.cursorMoved();
            assertThat(count).isNotDone();
            log.deregister(slice);
            assertThat(count).isCompletedWithValue(0L);
        }
    }

    @Test
    void historyHasNoMoreThanWasAskedFor() {
        for (int i = 0; i < 20; i++) {
            append();
        }
        assertThat(log.history(0, 3, 10)).isInstanceOfSatisfying(History.Events.class, events -> {
            assertThat(events.events()).hasSize(10);
            assertThat(events.nextOffset()).isEqualTo(13);
        });
    }

    @Test
    void whatIsNotFilledForAWholeLapIsTrimmedWhenItsPlaceIsClaimedAgain() {
        log.claim();
        for (int i = 1; i < 128; i++) {
            append();
        }
        assertThat(log.history(0, 0, 10))
                .isInstanceOfSatisfying(
                        History.Events.class,
                        events -> assertThat(events.nextOffset()).isZero());
        log.claim();
        assertThat(log.history(0, 0, 10)).isEqualTo(new History.Trimmed(1));
    }

    @Test
    void historyEndsAtWhatIsNotThereYet() {
        append();
        append();
        log.claim();
        append();
        assertThat(log.history(7, 0, 100)).isInstanceOfSatisfying(History.Events.class, events -> {
            assertThat(events.epoch()).isEqualTo(7);
            assertThat(events.events()).hasSize(2);
            assertThat(events.nextOffset()).isEqualTo(2);
        });
        assertThat(log.history(7, 1, 1))
                .isInstanceOfSatisfying(
                        History.Events.class,
                        events -> assertThat(events.nextOffset()).isEqualTo(2));
        assertThat(log.history(7, 4, 100)).isInstanceOf(History.Events.class);
        assertThat(log.history(7, 5, 100)).isEqualTo(new History.Ahead(4));
    }

    @Test
    void historySaysWhatIsTheOldestThatCanBeRead() {
        for (int i = 0; i < 128; i++) {
            append();
        }
        assertThat(log.history(0, 0, 1_000))
                .isInstanceOfSatisfying(
                        History.Events.class,
                        events -> assertThat(events.events()).hasSize(128));
        append();
        assertThat(log.history(0, 0, 1_000)).isEqualTo(new History.Trimmed(1));
        assertThat(log.history(0, 1, 1_000)).isInstanceOf(History.Events.class);
        log.claim();
        assertThat(log.history(0, 1, 1_000))
                .as("an offset whose place was claimed again, and which can still be read")
                .isInstanceOf(History.Events.class);
    }

    private long append() {
        long offset = log.claim();
        if (offset >= 0) {
            LogEvent event = LogEvent.create("E", new byte[0]);
            event.offset = offset;
            log.store(offset, event);
        }
        return offset;
    }
}
