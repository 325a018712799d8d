package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionRingTest {

    @Test
    void behavesLikeABoundedQueueWhateverItsSize() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        SessionRing ring = new SessionRing();
        ring.assign(null, 100);
        ArrayDeque<LogEvent> model = new ArrayDeque<>();
        for (int i = 0; i < 100_000; i++) {
            if (random.nextInt(100) < 52) {
                LogEvent event = LogEvent.create("E", new byte[0]);
                boolean added = ring.add(event);
                assertThat(added).as("seed %d, step %d", seed, i).isEqualTo(model.size() < 100);
                if (added) {
                    model.add(event);
                }
            } else if (!model.isEmpty()) {
                assertThat(ring.take()).as("seed %d, step %d", seed, i).isSameAs(model.remove());
            }
            assertThat(ring.size()).isEqualTo(model.size());
        }
        assertThat(ring.clear()).isEqualTo(model.size());
        assertThat(ring.isEmpty()).isTrue();
    }
}
