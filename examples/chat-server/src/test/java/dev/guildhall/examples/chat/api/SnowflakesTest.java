package dev.guildhall.examples.chat.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnowflakesTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private Instant now = NOON;
    private final InstantSource clock = () -> now;

    @Test
    void anIdTellsWhenItWasMade() {
        assertThat(Snowflakes.millis(new Snowflakes(clock, 0).next())).isEqualTo(NOON.toEpochMilli());
        assertThat(Snowflakes.millis(175928847299117063L))
                .isEqualTo(Instant.parse("2016-04-30T11:18:25.796Z").toEpochMilli());
    }

    @Test
    void idsGrowWhenTheClockStandsOrGoesBack() {
        Snowflakes ids = new Snowflakes(clock, 0);
        long first = ids.next();
        long second = ids.next();
        now = NOON.minusSeconds(60);
        long third = ids.next();

        assertThat(new long[] {first, second, third}).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void idsGoOnAfterThoseOfAnEarlierRun() {
        long tomorrow = new Snowflakes(() -> NOON.plusSeconds(86_400), 0).next();

        assertThat(new Snowflakes(clock, tomorrow).next()).isGreaterThan(tomorrow);
    }

    @Test
    void threadsNeverGetTheSameId() {
        Snowflakes ids = new Snowflakes(clock, 0);
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < 8; t++) {
                threads.execute(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        seen.add(ids.next());
                    }
                });
            }
        }
        assertThat(seen).hasSize(8_000);
    }

    @Test
    void idsOfAllSixtyFourBitsAreRead() {
        assertThat(Snowflakes.parse("300000000000000001")).isEqualTo(300000000000000001L);
        assertThat(Snowflakes.parse("18446744073709551615")).isEqualTo(-1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "-1", "+1", "1.0", "0x1", "18446744073709551616", "100000000000000000000", "١"})
    void whatIsNoIdIsRefused(String text) {
        assertThatThrownBy(() -> Snowflakes.parse(text)).isInstanceOf(NumberFormatException.class);
    }
}
