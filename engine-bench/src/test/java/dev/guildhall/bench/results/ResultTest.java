package dev.guildhall.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a run, and what a reader says of a file that is none. */
class ResultTest {
    private static final Instant START = Instant.parse("2026-11-29T01:02:03.4Z");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void isReadAsItWasWritten() throws IOException {
        Figure figure = Figure.of("ring.ratio", 3, 1, 2).atMost(2.5);
        Score score = Score.of("RingBenchmark.deliver", Map.of("sessions", "10"), "ns/op", 1, 0.25, 7, 8, 9);
        Result written = Result.of("./guildhall bench ring", START, 1, "trial", List.of(figure), List.of(score));
        Path file = folder.resolve("new/ring.json");

        written.write(file);

        assertThat(Result.read(file)).isEqualTo(written);
        assertThat(written.subcommand()).isEqualTo("ring");
        assertThat(written.started()).isEqualTo("2026-11-29T01:02:03Z");
        assertThat(written.figure("ring.ratio")).contains(figure);
        assertThat(written.machine().cores()).isPositive();
        assertThat(written.versions()).containsKeys("Guildhall", "Netty").doesNotContainValue("${project.version}");
    }

    @Test
    void writesNumbersForPeople() throws IOException {
        Path file = folder.resolve("a.json");

        Result.of("a b c", START, 0, null, List.of(Figure.of("rate", 15_414_817, 0.0106)), List.of())
                .write(file);

        assertThat(file).content().contains("[ 15414817, 0.0106 ]");
    }

    @Test
    void refusesWhatIsNoResult() throws IOException {
        Path file = folder.resolve("broken.json");

        Files.writeString(file, "{ \"format\": 1,");
        assertThatThrownBy(() -> Result.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broken.json is not a result of ./guildhall bench COMMAND --results");

        Result.of("a b c", START, 0, null, List.of(Figure.of("a", 1)), List.of())
                .write(file);
        String good = Files.readString(file);
        Files.writeString(file, good.replace("\"format\" : 1", "\"format\" : 2"));
        assertThatThrownBy(() -> Result.read(file)).hasMessageContaining("its format is 2, not 1");

        Files.writeString(file, good.replace("\"figures\"", "\"numbers\""));
        assertThatThrownBy(() -> Result.read(file)).hasMessageEndingWith("--results: figures is missing");

        Files.writeString(file, good.replace("\"median\" : 1,", ""));
        assertThatThrownBy(() -> Result.read(file)).hasMessageContaining("(at figures.0.median)");

        Files.writeString(file, "{ \"format\": 1, \"seconds\": 1, \"status\": 0 }");
        assertThatThrownBy(() -> Result.read(file)).hasMessageEndingWith("--results: command is missing");

        Files.writeString(file, "[]");
        assertThatThrownBy(() -> Result.read(file)).hasMessageContaining("broken.json");
    }

    @Test
    void aFigureHasTheMedianAndRangeOfItsSamples() {
        Figure figure = Figure.of("a", 5, 1, 4, 2);

        assertThat(figure.median()).isEqualTo(3);
        assertThat(figure.min()).isEqualTo(1);
        assertThat(figure.max()).isEqualTo(5);
        assertThat(figure.samples()).containsExactly(5.0, 1.0, 4.0, 2.0);
        assertThat(figure.isWithin()).isTrue();
        assertThat(figure.atMost(2.9).isWithin()).isFalse();
        assertThat(figure.atLeast(3.1).isWithin()).isFalse();
        assertThat(figure.atLeast(3).atMost(3).isWithin()).isTrue();
        assertThat(Figure.of("a", 5, 1, 4).median()).isEqualTo(4);
        assertThatThrownBy(() -> Figure.of("a")).hasMessage("no samples of a");
        assertThatThrownBy(() -> Figure.of("a", 0, Double.NaN)).hasMessageContaining("a was not measured");
    }

    @Test
    void childrenThatPrintTheSameFigureAddSamples() {
        Recording recording = new Recording();
        recording.add(Figure.of("b", 7));
        for (double value : new double[] {3, 1, 2}) {
            recording.addChild(Result.of("x", START, 0, null, List.of(Figure.of("a", value)), List.of()));
        }
        recording.add(Figure.of("b", 8));

        assertThat(recording.figures()).containsExactly(Figure.of("b", 8), Figure.of("a", 3, 1, 2));
    }

    @Test
    void theCommandLineIsKeptWithoutWhereTheFileGoes() {
        assertThat(KeepResults.commandLine(
                        "./guildhall bench",
                        List.of("ring", "--results", "a.json", "--rounds=1", "--note=x", "--full")))
                .isEqualTo("./guildhall bench ring --rounds=1 --full");
        assertThat(KeepResults.commandLine("p", List.of("--note", "some words", "--results=b", "ring")))
                .isEqualTo("p ring");
    }
}
