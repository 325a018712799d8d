package dev.guildhall.bench;

import dev.guildhall.bench.compare.CheckCommand;
import dev.guildhall.bench.report.ReportCommand;
import dev.guildhall.bench.results.KeepResults;
import dev.guildhall.bench.tables.TablesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code ./guildhall bench}. */
@Command(
        name = "guildhall bench",
        mixinStandardHelpOptions = true,
        description = "Measures the engine. Every command ends with lines 'figure NAME VALUE', and keeps"
                + " them with --results FILE.",
        subcommands = {
            SuitesCommand.class,
            FanOutCommand.class,
            RingCommand.class,
            AudienceCommand.class,
            StalledCommand.class,
            FairnessCommand.class,
            ConnectionsCommand.class,
            AllocationsCommand.class,
            MemoryCommand.class,
            SimulateCommand.class,
            SoakCommand.class,
            GatewayCommand.class,
            CompressionCommand.class,
            CheckCommand.class,
            ReportCommand.class,
            TablesCommand.class,
            AllCommand.class,
            dev.guildhall.bench.load.LoadCommand.class
        })
public final class Bench implements Runnable {
    private Bench() {}

    /** Runs a benchmark command. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine bench = new CommandLine(new Bench());
        KeepResults.install(bench, "./guildhall bench", "load");
        return bench;
    }

    @Override
    public void run() {
        new CommandLine(this).usage(System.out);
    }
}
