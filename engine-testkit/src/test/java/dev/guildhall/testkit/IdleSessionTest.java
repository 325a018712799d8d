package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.SessionOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a session costs that is sent nothing. */
class IdleSessionTest {

    @Test
    void itHoldsNoBytesAndNoTaskWaitsForIt() {
        TwoLanes lanes = new TwoLanes(builder -> builder.guildIdleTimeout(Duration.ofHours(1)));
        for (int i = 0; i < 1_000; i++) {
            lanes.subscribed(SessionOptions.DEFAULT, i % 2);
        }
        assertThat(lanes.engine.stats().sessions()).isEqualTo(1_000);
        assertThat(lanes.engine.stats().retainedBytes()).isZero();
        lanes.clock.advance(SessionOptions.DEFAULT_RESUME_WINDOW.multipliedBy(2));
        assertThat(lanes.isIdle()).isTrue(); // no timer either
        lanes.drain();
    }
}
