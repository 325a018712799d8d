package dev.guildhall.bench.results;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A result file: one run of one command.
 *
 * @param format 1; a reader refuses what it does not know
 * @param command as it was typed, without the options that say where the file goes
 * @param started in UTC, to the second
 * @param status the command's exit status: 1 if a figure missed its bound
 * @param note what the one who measured wanted to be known, such as what else ran
 * @param commit of the sources, if there was Git
 */
public record Result(
        int format,
        String command,
        Instant started,
        double seconds,
        int status,
        @Nullable String note,
        @Nullable String commit,
        Machine machine,
        SortedMap<String, String> versions,
        List<Figure> figures,
        List<Score> scores) {
    static final int FORMAT = 1;

    /** Checks what a file may lack. */
    public Result {
        if (format != FORMAT) {
            throw new IllegalArgumentException("its format is " + format + ", not " + FORMAT);
        }
        Objects.requireNonNull(command, "command is missing");
        Objects.requireNonNull(started, "started is missing");
        Objects.requireNonNull(machine, "machine is missing");
        Objects.requireNonNull(versions, "versions is missing");
        figures = List.copyOf(Objects.requireNonNull(figures, "figures is missing"));
        scores = List.copyOf(Objects.requireNonNull(scores, "scores is missing"));
    }

    /** A run that has ended now, on this machine. */
    static Result of(
            String command,
            Instant started,
            int status,
            @Nullable String note,
            List<Figure> figures,
            List<Score> scores) {
        return new Result(
                FORMAT,
                command,
                started.truncatedTo(ChronoUnit.SECONDS),
                started.until(Instant.now(), ChronoUnit.SECONDS),
                status,
                note,
                Versions.commit(),
                Machine.here(),
                Versions.onClassPath(),
                figures,
                scores);
    }

    /** The same, on the machine as it was before the run: a command may have bound itself to one processor. */
    Result on(Machine before) {
        return new Result(format, command, started, seconds, status, note, commit, before, versions, figures, scores);
    }

    /** The figure of this name. */
    public Optional<Figure> figure(String name) {
        return figures.stream().filter(figure -> figure.name().equals(name)).findFirst();
    }

    /** The word after {@code ./guildhall bench}: which command it was, whatever its options. */
    public String subcommand() {
        return subcommand(command);
    }

    /** The same of any such line. */
    public static String subcommand(String command) {
        String[] words = command.split(" ", 4);
        return words.length > 2 ? words[2] : "";
    }

    /** Reads a file; the exception's message names it and says what is wrong with it. */
    public static Result read(Path file) throws IOException {
        return ResultJson.read(file, Result.class, "a result of ./guildhall bench COMMAND --results");
    }

    /** Writes a file, and its folder if it is missing. */
    public void write(Path file) throws IOException {
        ResultJson.write(file, this);
    }
}
