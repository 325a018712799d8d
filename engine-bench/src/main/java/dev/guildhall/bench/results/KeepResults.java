package dev.guildhall.bench.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.RunLast;

/**
 * The options {@code --results} and {@code --note}, which every command that measures gets, and the writing of the file when the
 * command has ended. A command with an option {@code --results} of its own is left alone, and so are those that record no figures.
 */
@Command
public final class KeepResults {
    private static final String RESULTS = "--results";
    private static final String NOTE = "--note";
    private static final String WITHIN = "--within";
    private static final List<String> OPTIONS = List.of(RESULTS, NOTE, WITHIN);

    @Option(
            names = RESULTS,
            paramLabel = "FILE",
            description = "Keep the figures, the machine and the versions as JSON in this file.")
    private @Nullable Path file;

    @Option(names = NOTE, paramLabel = "TEXT", description = "To be kept with the results, such as what else ran.")
    private @Nullable String note;

    @Option(
            names = WITHIN,
            paramLabel = "COMMAND",
            hidden = true,
            description = "The command that this is a part of, and that made it shorter than its own options say.")
    private @Nullable String within;

    private KeepResults() {}

    /**
     * Gives the subcommands the options, or the program itself if it has none.
     *
     * @param name what the command line starts with in the file
     * @param recordNothing subcommands that record no figures
     */
    public static void install(CommandLine program, String name, String... recordNothing) {
        Set<String> others = Set.of(recordNothing);
        List<KeepResults> installed = new ArrayList<>();
        Collection<CommandLine> subcommands = program.getSubcommands().values();
        for (CommandLine command : subcommands.isEmpty() ? List.of(program) : subcommands) {
            boolean isOther = others.contains(command.getCommandName());
            if (!isOther && command.getCommandSpec().findOption(RESULTS) == null) {
                KeepResults keep = new KeepResults();
                command.getCommandSpec().addMixin("results", CommandSpec.forAnnotatedObject(keep));
                installed.add(keep);
            }
        }
        IExecutionStrategy run = new RunLast();
        program.setExecutionStrategy(parsed -> {
            Instant started = Instant.now();
            Machine before = Machine.here();
            int status = run.execute(parsed);
            String line = commandLine(name, parsed.originalArgs());
            installed.forEach(keep -> keep.write(line, started, before, status));
            return status;
        });
    }

    private void write(String command, Instant started, Machine before, int status) {
        if (file == null) {
            return;
        }
        Recording recording = Recording.current();
        try {
            Result.of(
                            within == null ? command : command + " in " + within,
                            started,
                            status,
                            note,
                            recording.figures(),
                            recording.scores())
                    .on(before)
                    .write(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the results could not be kept", e);
        }
    }

    /** Without the options of this class, which differ between runs of the same measurement. */
    static String commandLine(String name, List<String> arguments) {
        StringBuilder line = new StringBuilder(name);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (OPTIONS.contains(argument)) {
                i++;
            } else if (OPTIONS.stream().noneMatch(option -> argument.startsWith(option + "="))) {
                line.append(' ').append(argument);
            }
        }
        return line.toString();
    }
}
