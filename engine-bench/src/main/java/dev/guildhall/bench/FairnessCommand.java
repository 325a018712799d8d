package dev.guildhall.bench;

import dev.guildhall.EngineBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench fairness}: what a large guild costs the latency of small ones beside it. All is measured in one JVM and one engine, in
 * rounds: the small guilds alone, with the large guild published to at a steady rate, and with it published to as fast as back pressure
 * allows. The last is gated.
 */
@Command(
        name = "fairness",
        mixinStandardHelpOptions = true,
        description = "Latency of 1,000 small guilds beside a guild of 100,000 sessions.")
final class FairnessCommand implements Callable<Integer> {
    static final double MOST_RATIO = 3;

    @Option(
            names = "--rounds",
            converter = AtLeastOne.class,
            defaultValue = "5",
            description = "Rounds that are measured (default 5).")
    private int rounds;

    @Option(
            names = "--seconds",
            converter = AtLeastOne.class,
            defaultValue = "5",
            description = "Length of each of a round's phases (default 5).")
    private int seconds;

    @Option(
            names = "--large-rate",
            defaultValue = "10",
            description = "Events a second of the large guild where its rate is steady (default 10).")
    private int largeRate;

    @Option(
            names = "--turn-budget",
            defaultValue = "" + EngineBuilder.DEFAULT_TURN_BUDGET,
            description = "The engine's turnBudget (default ${DEFAULT-VALUE}, as the engine's).")
    private int turnBudget;

    @Option(names = "--in-this-jvm", hidden = true)
    private boolean inThisJvm;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (inThisJvm) {
            new FairnessRun(rounds, Duration.ofSeconds(seconds), largeRate, turnBudget).measure();
            return 0;
        }
        List<String> lines = ChildJvm.run(
                "3g",
                List.of(
                        "fairness",
                        "--in-this-jvm",
                        "--rounds=" + rounds,
                        "--seconds=" + seconds,
                        "--large-rate=" + largeRate,
                        "--turn-budget=" + turnBudget));
        return Figures.find(FairnessRun.P99_RATIO, lines) > MOST_RATIO ? 1 : 0;
    }
}
