package dev.guildhall.bench;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./guildhall soak}: {@link SoakRun} says what happens. Ends with 1 if anything is not accounted for, or memory grew. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = "Random joins, leaves, stalls, cuts, resumes, restarts and bursts over loopback, with a balance.")
final class SoakCommand implements Callable<Integer> {
    private static final double MOST_GROWTH = 5;
    private static final int MOST_MINUTES = 100_000;
    private static final int MOST_CLIENTS = 5_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--minutes",
            converter = AtLeastOne.class,
            defaultValue = "10",
            description = "How long (default 10).")
    private int minutes;

    @Option(
            names = "--clients",
            converter = AtLeastOne.class,
            defaultValue = "100",
            description = "Connections (default 100).")
    private int clients;

    @Option(names = "--seed", description = "Of the mixture; threads and sockets stay as they are (default: the time).")
    private long seed = System.nanoTime();

    @Override
    public Integer call() throws InterruptedException {
        if (minutes < 1 || minutes > MOST_MINUTES || clients < 2 || clients > MOST_CLIENTS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--minutes must be 1 to " + MOST_MINUTES + " and --clients 2 to " + MOST_CLIENTS + ", were "
                            + minutes + " and " + clients);
        }
        System.out.println("soak --seed " + seed);
        SoakRun.Result result = new SoakRun(Duration.ofMinutes(minutes), clients, seed).run();
        SoakTally tally = result.tally();
        Figures.printCount("soak.events", tally.events.get());
        Figures.printCount("soak.refused", tally.refused.get());
        Figures.printCount("soak.deliveries", tally.deliveries.get());
        Figures.printCount("soak.ephemeral-deliveries", tally.ephemerals.get());
        Figures.printCount("soak.told-as-gap", tally.inGaps.get());
        Figures.printCount("soak.stalls", tally.stalls.get());
        Figures.printCount("soak.cuts", tally.cuts.get());
        Figures.printCount("soak.resumes", tally.resumes.get());
        Figures.printCount("soak.sessions-ended", tally.sessionsEnded.get());
        Figures.printCount("soak.restarts", tally.restarts.get());
        Figures.printCount("soak.unaccounted", tally.unaccounted.get());
        Figures.print("soak.memory-growth-percent", result.growthPercent());
        if (result.growthPercent() > MOST_GROWTH) {
            System.err.println("soak: memory grew by more than " + MOST_GROWTH + " percent");
        }
        return tally.unaccounted.get() == 0 && result.growthPercent() <= MOST_GROWTH ? 0 : 1;
    }
}
