package dev.guildhall.bench;

import dev.guildhall.testkit.simulation.Simulation;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code simulate}: runs schedules of the deterministic simulation, or one again. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description =
                "Runs simulated schedules of the whole engine and checks what it promises. Status 1 if one fails.")
final class SimulateCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 20;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many schedules to run (default 20000, with --seed 1).")
    private @Nullable Integer seeds;

    @Option(names = "--seed", paramLabel = "S", description = "The first schedule's seed (default at random).")
    private @Nullable Long seed;

    @Option(names = "--verbose", description = "Print everything that happens.")
    private boolean verbose;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        int count = Objects.requireNonNullElse(seeds, seed == null ? 20_000 : 1);
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds must be at least 1, was " + count);
        }
        long first = Objects.requireNonNullElseGet(seed, () -> new Random().nextLong());
        System.out.println("Running the schedules of " + count + " seeds from " + first + " on ...");
        Reported reported = new Reported();
        Simulation.Summary summary = Simulation.run(first, count, verbose, reported::report);
        new TreeMap<>(summary.counts()).forEach((name, times) -> System.out.println("  " + name + ": " + times));
        Figures.print("simulate.schedules", summary.schedules());
        Figures.print("simulate.failures", summary.failures());
        return summary.failures() == 0 ? 0 : 1;
    }

    /** Prints the first failures, each with the command that shows it again. */
    private static final class Reported {
        private int shown;

        void report(Simulation.Result failed) {
            if (shown++ < MOST_SHOWN) {
                System.out.println("FAILED  " + failed.command());
                Objects.requireNonNull(failed.failure(), "a failure").printStackTrace(System.out);
            }
        }
    }
}
