package dev.guildhall.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When publishes are due, whatever becomes of them. */
@Timeout(60)
class PacerTest {
    private static final long HELD_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private static List<Long> due(boolean poisson, int count, boolean heldUp) throws InterruptedException {
        List<Long> times = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch enough = new CountDownLatch(count);
        Pacer pacer = new Pacer(10_000, poisson, 1, (number, due) -> {
            while (heldUp && number == 10 && System.nanoTime() - due < HELD_UP_NANOS) {
                Thread.onSpinWait();
            }
            times.add(due);
            enough.countDown();
        });
        pacer.start();
        enough.await();
        pacer.end();
        return times.subList(0, count);
    }

    private static List<Long> intervals(List<Long> times) {
        List<Long> intervals = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            intervals.add(times.get(i) - times.get(i - 1));
        }
        return intervals;
    }

    @Test
    void whatIsHeldUpStaysDueWhenItWas() throws Exception {
        assertThat(intervals(due(false, 100, true))).allMatch(interval -> Math.abs(interval - 100_000) <= 1);
    }

    @Test
    void intervalsByChanceHaveTheSameMean() throws Exception {
        List<Long> intervals = intervals(due(true, 2_000, false));
        double mean = intervals.stream().mapToLong(Long::longValue).average().orElse(0);
        assertThat(mean).isBetween(90_000.0, 110_000.0);
        assertThat(intervals).anyMatch(interval -> interval < 10_000).anyMatch(interval -> interval > 300_000);
    }
}
