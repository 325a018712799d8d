package dev.guildhall.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options that commands get. */
class KeepResultsTest {
    @TempDir
    private Path folder = Path.of("");

    @Command(name = "program")
    private static final class Program {}

    @Command(name = "measure")
    private static final class Measure implements Callable<Integer> {
        @Override
        public Integer call() {
            Recording.current().add(Figure.of("keep.test", 1, 2, 3));
            return 1;
        }
    }

    @Command(name = "read")
    private static final class Read implements Callable<Integer> {
        @Option(names = "--results")
        private @Nullable String own;

        @Override
        public Integer call() {
            return "here".equals(own) ? 4 : 5;
        }
    }

    private static CommandLine program() {
        CommandLine program =
                new CommandLine(new Program()).addSubcommand(new Measure()).addSubcommand(new Read());
        KeepResults.install(program, "./program");
        return program;
    }

    @Test
    void aCommandKeepsItsFiguresAndItsStatus() throws IOException {
        Path file = folder.resolve("measure.json");

        int status = program().execute("measure", "--results", file.toString(), "--note", "beside a build");

        assertThat(status).isEqualTo(1);
        Result result = Result.read(file);
        assertThat(result.command()).isEqualTo("./program measure");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.note()).isEqualTo("beside a build");
        assertThat(result.figure("keep.test").orElseThrow().samples()).isEqualTo(List.of(1.0, 2.0, 3.0));
    }

    @Test
    void nothingIsWrittenUnlessAsked() {
        assertThat(program().execute("measure")).isEqualTo(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aProgramWithoutSubcommandsGetsTheOptions() throws IOException {
        Path file = folder.resolve("measure.json");
        CommandLine program = new CommandLine(new Measure());
        KeepResults.install(program, "./program measure");

        assertThat(program.execute("--results=" + file)).isEqualTo(1);

        assertThat(Result.read(file).command()).isEqualTo("./program measure");
    }

    @Test
    void aCommandWithSuchAnOptionKeepsItsOwn() {
        assertThat(program().execute("read", "--results", "here")).isEqualTo(4);
        assertThat(folder).isEmptyDirectory();
    }
}
