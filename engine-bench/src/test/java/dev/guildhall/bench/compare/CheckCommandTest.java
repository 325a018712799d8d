package dev.guildhall.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.bench.results.Figure;
import dev.guildhall.bench.results.SampleResults;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command: what it says and its exit status. */
class CheckCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int check(String... options) {
        CommandLine check =
                new CommandLine(new CheckCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] arguments = new String[options.length + 4];
        arguments[0] = "--baseline";
        arguments[1] = folder.resolve("baseline.json").toString();
        arguments[2] = "--results";
        arguments[3] = folder.resolve("results").toString();
        System.arraycopy(options, 0, arguments, 4, options.length);
        return check.execute(arguments);
    }

    private void measured(Figure... figures) throws IOException {
        SampleResults.of("ring", figures).write(folder.resolve("results/ring.json"));
    }

    @Test
    void namesWhatGotWorse() throws IOException {
        measured(Figure.of("ring.ratio", 1, 2, 3), Figure.of("ring.bytes", 16), Figure.of("ring.micros", 1));
        assertThat(check("--update")).isZero();
        assertThat(check()).isZero();

        measured(Figure.of("ring.ratio", 5, 6, 7), Figure.of("ring.bytes", 16), Figure.of("ring.micros", 100));
        assertThat(check()).isEqualTo(1);

        assertThat(out.toString())
                .contains("baseline.json has 2 figures now")
                .contains("worse   ring.ratio, kept 2.000 (1.000 to 3.000), now 6.000 (5.000 to 7.000)")
                .doesNotContain("ring.micros")
                .contains("figure check.compared 2")
                .contains("figure check.worse 0")
                .contains("figure check.worse 1");
        assertThat(check("--tolerance", "250")).isZero();
    }

    @Test
    void saysWhatIsMissingAndWhatIsNew() throws IOException {
        measured(Figure.of("ring.ratio", 1));
        assertThat(check("--update")).isZero();
        measured(Figure.of("ring.other-ratio", 1));

        assertThat(check()).isEqualTo(1);

        assertThat(out.toString())
                .contains("missing ring.ratio, kept 1.000")
                .contains("new     ring.other-ratio, now 1.000");
    }

    @Test
    void saysWhichFileIsBroken() throws IOException {
        assertThat(check()).isEqualTo(2);
        assertThat(err.toString()).contains("there is no ").contains("results");

        measured(Figure.of("ring.ratio", 1));
        assertThat(check()).isEqualTo(2);
        assertThat(err.toString()).contains("there is no ").contains("baseline.json");

        Files.writeString(folder.resolve("baseline.json"), "{ \"format\": 1 }");
        assertThat(check()).isEqualTo(2);
        assertThat(err.toString())
                .contains("baseline.json is not a baseline of ./guildhall bench check --update: updated is missing");

        Files.writeString(folder.resolve("results/other.json"), "not JSON");
        assertThat(check()).isEqualTo(2);
        assertThat(err.toString()).contains("other.json is not a result of ./guildhall bench COMMAND --results");
    }

    @Test
    void refusesAFolderWithoutResults() throws IOException {
        Files.createDirectories(folder.resolve("results"));

        assertThat(check()).isEqualTo(2);

        assertThat(err.toString()).contains("there are no result files in ");
    }
}
