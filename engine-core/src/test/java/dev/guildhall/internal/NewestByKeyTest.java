package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.collections.Object2LongHashMap;
import org.junit.jupiter.api.Test;

class NewestByKeyTest {
    private final EventTable events = new EventTable(new LaneCounters());
    private final NewestByKey newest = new NewestByKey(events);
    private final Object2LongHashMap<KeyedEvent.Key> likeIt = new Object2LongHashMap<>(-1);

    private static KeyedEvent.Key key(int number) {
        return new KeyedEvent.Key("g", "k" + number);
    }

    private long expectedBytes() {
        return 128 + likeIt.capacity() * 12L;
    }

    @Test
    void countsItselfFromTheFirstMoment() {
        assertThat(events.bytes()).isEqualTo(expectedBytes());
        newest.discard();
        assertThat(events.bytes()).isZero();
    }

    @Test
    void countsWhatItGrowsBy() {
        for (int i = 0; i < 1000; i++) {
            newest.put(key(i), i);
            likeIt.put(key(i), i);
            assertThat(events.bytes()).isEqualTo(expectedBytes());
        }
        newest.discard();
        assertThat(events.bytes()).isZero();
    }

    @Test
    void knowsTheNewestPositionOnly() {
        newest.put(key(1), 5);
        newest.put(key(1), 7);
        newest.put(key(2), 6);
        assertThat(newest.position(key(1))).isEqualTo(7);
        assertThat(newest.isAt(key(1), 5)).isFalse();
        assertThat(newest.isKnownFrom(key(1), 7)).isTrue();
        assertThat(newest.isKnownFrom(key(1), 8)).isFalse();
        assertThat(newest.isKnownFrom(key(3), 0)).isFalse();
    }

    @Test
    void positionsMayWrapRound() {
        newest.put(key(1), Integer.MIN_VALUE);
        assertThat(newest.isKnownFrom(key(1), Integer.MAX_VALUE)).isTrue();
    }

    @Test
    void forgetsAndMovesNothingButTheNewest() {
        newest.put(key(1), 7);
        newest.forget(key(1), 5);
        newest.move(key(1), 5, 0);
        assertThat(newest.isAt(key(1), 7)).isTrue();
        newest.move(key(1), 7, 2);
        assertThat(newest.isAt(key(1), 2)).isTrue();
        newest.forget(key(1), 2);
        assertThat(newest.isKnownFrom(key(1), 0)).isFalse();
    }
}
