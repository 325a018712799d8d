package dev.guildhall.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.guildhall.bench.AllCommand.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code bench all} runs. */
class AllCommandTest {
    /** What reads results, or tests the engine more than that it measures it. */
    private static final Set<String> OTHERS = Set.of("all", "check", "report", "tables", "simulate", "soak", "load");

    /** In a jar of their own. */
    private static final Set<String> OF_RIVALS = Set.of("rivals", "latency");

    @Test
    void isEveryCommandThatMeasures() {
        Set<String> measuring =
                new HashSet<>(Bench.commandLine().getSubcommands().keySet());
        measuring.removeAll(OTHERS);
        measuring.addAll(OF_RIVALS);

        assertThat(AllCommand.STEPS).extracting(Step::command).containsExactlyInAnyOrderElementsOf(measuring);
    }

    @Test
    void theQuickFormsHaveOptionsThatThereAre() {
        for (Step step : AllCommand.STEPS) {
            if (!OF_RIVALS.contains(step.command())) {
                List<String> line = new ArrayList<>(step.quickArguments());
                line.addFirst(step.command());
                assertThatCode(() -> Bench.commandLine().parseArgs(line.toArray(String[]::new)))
                        .doesNotThrowAnyException();
            }
        }
    }
}
