package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.EngineClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OncePerMinuteTest {
    private long now = Long.MAX_VALUE - 1; // nanoTime may wrap round

    private final EngineClock clock = new EngineClock() {
        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public long epochMillis() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }
    };

    @Test
    void isDueAtOnceAndThenAfterAMinuteEach() {
        OncePerMinute warning = new OncePerMinute(clock);
        assertThat(warning.isDue()).isTrue();
        assertThat(warning.isDue()).isFalse();
        now += Duration.ofSeconds(60).toNanos() - 1;
        assertThat(warning.isDue()).isFalse();
        now++;
        assertThat(warning.isDue()).isTrue();
        assertThat(warning.isDue()).isFalse();
    }
}
