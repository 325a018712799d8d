package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OncePerMinuteTest {
    private final HandClock clock = new HandClock();

    @Test
    void isDueAtOnceAndThenAfterAMinuteEach() {
        OncePerMinute warning = new OncePerMinute(clock);
        assertThat(warning.isDue()).isTrue();
        assertThat(warning.isDue()).isFalse();
        clock.advance(Duration.ofSeconds(60).minusNanos(1));
        assertThat(warning.isDue()).isFalse();
        clock.advance(Duration.ofNanos(1));
        assertThat(warning.isDue()).isTrue();
        assertThat(warning.isDue()).isFalse();
    }
}
