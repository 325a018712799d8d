package dev.guildhall.examples.chat.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptLimitTest {
    private Instant now = Instant.parse("2026-06-01T12:00:00Z");
    private final AttemptLimit limit = new AttemptLimit(() -> now);

    @Test
    void aBurstIsGrantedAndThenTwoASecond() {
        for (int i = 0; i < AttemptLimit.BURST; i++) {
            assertThat(limit.take("a")).isZero();
        }
        assertThat(limit.take("a")).isEqualTo(Duration.ofMillis(500));

        now = now.plusMillis(500);
        assertThat(limit.take("a")).isZero();
        assertThat(limit.take("a")).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void anAddressDoesNotPayForAnother() {
        for (int i = 0; i < AttemptLimit.BURST; i++) {
            limit.take("a");
        }
        assertThat(limit.take("a")).isPositive();
        assertThat(limit.take("b")).isZero();
    }

    @Test
    void silenceFillsTheBucketButNoFurther() {
        limit.take("a");
        now = now.plus(Duration.ofDays(1));
        for (int i = 0; i < AttemptLimit.BURST; i++) {
            assertThat(limit.take("a")).isZero();
        }
        assertThat(limit.take("a")).isPositive();
    }
}
