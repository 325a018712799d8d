package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class SeededExecutorTest {

    @Test
    void aSeedRepeatsItsOrderAndSeedsDiffer() {
        assertThat(order(1)).isEqualTo(order(1));
        Set<List<Integer>> orders = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            orders.add(order(seed));
        }
        assertThat(orders).hasSizeGreaterThan(10);
    }

    @Test
    void aSerialViewKeepsItsOwnOrderWhateverTheSeed() {
        for (int seed = 0; seed < 50; seed++) {
            SeededExecutor executor = new SeededExecutor(seed);
            Executor first = executor.serial();
            Executor second = executor.serial();
            List<Integer> ran = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int number = i;
                first.execute(() -> ran.add(number));
                second.execute(() -> ran.add(100 + number));
            }
            assertThat(executor.runAll()).isEqualTo(20);
            assertThat(ran.stream().filter(n -> n < 100)).isSorted().hasSize(10);
            assertThat(ran.stream().filter(n -> n >= 100)).isSorted().hasSize(10);
        }
    }

    @Test
    void tasksSubmittedByTasksRunToo() {
        SeededExecutor executor = new SeededExecutor(3);
        List<String> ran = new ArrayList<>();
        executor.execute(() -> {
            ran.add("outer");
            executor.execute(() -> ran.add("inner"));
        });
        assertThat(executor.runAll()).isEqualTo(2);
        assertThat(ran).containsExactly("outer", "inner");
        assertThat(executor.runOne()).isFalse();
        assertThat(executor.toString()).contains("seed=3");
    }

    @Test
    void aManualClockMovesOnlyForward() {
        ManualClock clock = new ManualClock(1_000);
        clock.advance(Duration.ofMillis(5));
        assertThat(clock.nanoTime()).isEqualTo(5_000_000);
        assertThat(clock.epochMillis()).isEqualTo(1_005);
        assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1))).hasMessageContaining("PT0.001S");
    }

    private static List<Integer> order(long seed) {
        SeededExecutor executor = new SeededExecutor(seed);
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int number = i;
            executor.execute(() -> ran.add(number));
        }
        executor.runAll();
        return ran;
    }
}
