package dev.guildhall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A soak too short to say anything of memory. */
@Timeout(300)
class SoakTest {
    @Test
    void everythingIsAccountedFor() throws Exception {
        long seed = Long.getLong("guildhall.seed", System.nanoTime());
        System.out.println("-Dguildhall.seed=" + seed);
        SoakTally tally = new SoakRun(Duration.ofSeconds(10), 60, seed).run().tally();
        assertThat(tally.unaccounted).hasValue(0);
        assertThat(tally.deliveries.get()).isPositive();
        assertThat(tally.resumes.get()).isPositive();
        assertThat(tally.stalls.get()).isPositive();
        assertThat(tally.restarts.get()).isPositive();
    }
}
