package dev.guildhall.bench.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.bench.results.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** README and docs of this source tree say what the result files say that are kept with it. */
class GeneratedTablesTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    @Test
    void tablesAreThoseOfTheResultFiles() throws IOException {
        Tables tables = new Tables(Results.read(List.of(MODULE.resolve("results"))));

        Map<Path, String> pages = tables.pages(MODULE.resolve(".."));

        assertThat(pages).isNotEmpty();
        assertThat(Tables.stale(pages)).as("run ./guildhall bench tables").isEmpty();
    }
}
