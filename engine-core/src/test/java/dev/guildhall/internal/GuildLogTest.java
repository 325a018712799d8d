package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.EngineClock;
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
        try (LocalEngine engine = (LocalEngine) dev.guildhall.Engine.open()) {
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
