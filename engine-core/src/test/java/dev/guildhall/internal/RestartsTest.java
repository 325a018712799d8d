package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.GuildOptions;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final HandClock clock = new HandClock();

    private Restarts restarts(int atMost) {
        return new Restarts(
                clock,
                GuildOptions.builder()
                        .backoff(Duration.ofMillis(100), Duration.ofMillis(500))
                        .maxRestarts(atMost, PERIOD)
                        .build());
    }

    /** The pause and up to a quarter more. */
    private static void assertPause(Restarts restarts, int millis) {
        assertThat(restarts.failed()).isBetween(Duration.ofMillis(millis), Duration.ofMillis(millis + millis / 4));
    }

    @Test
    void eachPauseIsTwiceTheLastUpToTheLongest() {
        for (int i = 0; i < 200; i++) {
            Restarts restarts = restarts(100);
            assertPause(restarts, 100);
            assertPause(restarts, 200);
            assertPause(restarts, 400);
            assertPause(restarts, 500);
            assertPause(restarts, 500);
        }
    }

    @Test
    void theLongestPauseHoldsHoweverManyFailuresThereAre() {
        Restarts restarts = restarts(1_000);
        for (int i = 0; i < 3; i++) {
            restarts.failed();
        }
        for (int i = 0; i < 997; i++) {
            assertPause(restarts, 500);
        }
        assertThat(restarts.recent()).isEqualTo(1_000);
        assertThat(restarts.failed()).isNull();
    }

    @Test
    void pausesDiffer() {
        assertThat(IntStream.range(0, 100)
                        .mapToObj(i -> restarts(1).failed())
                        .distinct()
                        .count())
                .isGreaterThan(50);
    }

    @Test
    void staysDownAfterTooManyFailuresWithinThePeriod() {
        Restarts restarts = restarts(2);
        assertPause(restarts, 100);
        clock.advance(PERIOD.minusNanos(1));
        assertPause(restarts, 200);
        assertThat(restarts.failed()).isNull();
        assertThat(restarts.recent()).isEqualTo(3);
    }

    @Test
    void whatIsAPeriodAgoDoesNotCount() {
        Restarts restarts = restarts(2);
        assertPause(restarts, 100);
        clock.advance(PERIOD.minusNanos(1));
        assertPause(restarts, 200);
        clock.advance(Duration.ofNanos(1));
        assertPause(restarts, 200);
        assertThat(restarts.recent()).isEqualTo(2);
    }

    @Test
    void forgivingBeginsAnew() {
        Restarts restarts = restarts(1);
        restarts.failed();
        assertThat(restarts.failed()).isNull();
        restarts.forgive();
        assertThat(restarts.recent()).isZero();
        assertPause(restarts, 100);
    }
}
