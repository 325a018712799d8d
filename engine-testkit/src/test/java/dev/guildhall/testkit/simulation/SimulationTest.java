package dev.guildhall.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code -Dguildhall.simulations=N} runs fewer schedules, or more. */
class SimulationTest {
    private static final int CI_SCHEDULES = 20_000;

    /** Always the same in a build, which shall fail for what has changed; other seeds are for {@code ./guildhall simulate}. */
    private static final long FIRST = Long.getLong("guildhall.seed", 1);

    private static final int SCHEDULES = Integer.getInteger("guildhall.simulations", CI_SCHEDULES);

    private static final String[] WHAT_MUST_HAVE_HAPPENED = {
        "ask answered",
        "ask failed",
        "clock jump",
        "closed CLIENT_LEFT",
        "closed ENGINE_CLOSED",
        "closed OVER_BUDGET",
        "closed REQUESTED",
        "closed RESUME_EXPIRED",
        "closed RESUME_FAILED",
        "closed SLOW_CONSUMER",
        "complete client",
        "complete stay",
        "conflated",
        "direct gap",
        "drained in the middle",
        "dropped",
        "gap",
        "gap of a lapped lane",
        "gap of a large event",
        "guild down",
        "guild passivated",
        "guild restarted",
        "guild revived",
        "handler throws in command",
        "handler throws in publish",
        "handler throws in start",
        "handler throws in subscribe",
        "handler throws in tick",
        "interests changed",
        "interests decided",
        "kicked",
        "lane held back",
        "link CUT at AFTER_WRITE",
        "link CUT at BEFORE_WRITE",
        "link CUT at FLUSH",
        "link CUT at IS_WRITABLE",
        "link THROW at AFTER_WRITE",
        "link THROW at BEFORE_WRITE",
        "link THROW at FLUSH",
        "link THROW at IS_WRITABLE",
        "mode changed",
        "publish BACK_PRESSURED",
        "publish ENQUEUED",
        "publish ORDERED",
        "publish UNAVAILABLE",
        "refused EVENTS_LOST",
        "refused EXPIRED",
        "refused SEQ_TRIMMED",
        "replayed",
        "resumed",
        "resumed while resuming",
        "settled REFUSED",
        "settled UNAVAILABLE",
        "trimmed for the budget",
        "unread summary",
        "unsubscribed"
    };

    @Test
    void theEngineKeepsItsPromisesInEverySchedule() {
        System.out.println("simulation of seeds from " + FIRST);
        List<String> failures = new ArrayList<>();
        Simulation.Summary summary = Simulation.run(FIRST, SCHEDULES, false, result -> {
            if (failures.size() < 5) {
                failures.add(result.command() + ": " + result.failure());
            }
        });
        System.out.println(summary.counts());
        assertThat(failures).as("%d failed", summary.failures()).isEmpty();
        if (SCHEDULES >= CI_SCHEDULES) {
            assertThat(summary.counts()).containsKeys(WHAT_MUST_HAVE_HAPPENED);
        }
    }

    @Test
    void aSeedAlwaysDoesTheSame() {
        long first = new Random().nextLong();
        for (long seed = first; seed < first + 300; seed++) {
            Simulation.Result one = Simulation.run(seed);
            Simulation.Result other = Simulation.run(seed);
            assertThat(other.hash()).as(one.command()).isEqualTo(one.hash());
            assertThat(other.counts()).as(one.command()).isEqualTo(one.counts());
        }
    }
}
