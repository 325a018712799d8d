package dev.guildhall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.bench.results.Result;
import dev.guildhall.bench.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of this source tree is of the result files that are kept with it. */
class KeptReportTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    @Test
    void thePageHasEachKeptRun() throws IOException {
        Results results = Results.read(List.of(MODULE.resolve("results")));

        String page = Files.readString(MODULE.resolve("../docs/benchmarks.html"));

        assertThat(results.all())
                .as("run ./guildhall bench report --out docs/benchmarks.html")
                .isNotEmpty()
                .allSatisfy(run -> assertThat(page).contains(run.command(), startOf(run)));
    }

    private static String startOf(Result run) {
        return run.started().toString().replace('T', ' ').replace("Z", " UTC");
    }
}
