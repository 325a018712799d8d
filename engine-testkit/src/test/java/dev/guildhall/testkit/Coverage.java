package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

/** How often things happened in many schedules, so that a test of them can say that it has tested something. */
final class Coverage {
    private final Map<String, Long> counts = new TreeMap<>();

    void count(String what) {
        count(what, 1);
    }

    void count(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    void requireAll(Iterable<String> names) {
        assertThat(names)
                .allSatisfy(name ->
                        assertThat(counts.getOrDefault(name, 0L)).as(name).isPositive());
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
