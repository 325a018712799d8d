package dev.guildhall.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.bench.results.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The baseline of this source tree is of the result files that are kept with it. */
class KeptBaselineTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    @Test
    void theKeptResultsHoldIt() throws IOException {
        Results results = Results.read(List.of(MODULE.resolve("results")));

        Baseline baseline = Baseline.read(MODULE.resolve("baseline.json"));

        assertThat(baseline.compare(results, 0))
                .as("run ./guildhall bench check --results engine-bench/results --update")
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.change()).as(each.name()).isEqualTo(Change.HELD));
    }
}
