package dev.guildhall.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int CI_SCHEDULES = 20_000;
    private static final int SCHEDULES = Integer.getInteger("guildhall.simulations", CI_SCHEDULES);

    @Test
    void theEngineKeepsItsPromisesInEverySchedule() {
        long first = new Random().nextLong();
        System.out.println("simulation of seeds from " + first);
        List<String> failures = new ArrayList<>();
        Simulation.Summary summary = Simulation.run(first, SCHEDULES, false, result -> {
            if (failures.size() < 5) {
                failures.add(result.command() + ": " + result.failure());
            }
        });
        System.out.println(summary.counts());
        assertThat(failures).as("%d failed", summary.failures()).isEmpty();
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
