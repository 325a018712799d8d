package dev.guildhall.bench.tables;

import dev.guildhall.bench.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench tables}: README and docs say what result files say. */
@Command(
        name = "tables",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the tables of README.md and docs anew of the result files that are kept with the sources.",
            "A table is between <!-- table: NAME --> and <!-- end -->."
        })
public final class TablesCommand implements Callable<Integer> {
    private static final int BROKEN = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "${sys:guildhall.root:-.}/engine-bench/results",
            description = "The folder of the result files (default: engine-bench/results).")
    private Path results = Path.of("");

    @Option(
            names = "--root",
            paramLabel = "DIR",
            defaultValue = "${sys:guildhall.root:-.}",
            description = "The folder of README.md and docs (default: that of this project).")
    private Path root = Path.of("");

    @Option(names = "--check", description = "Change nothing; status 1 if a table differs from the result files.")
    private boolean check;

    /** Made by picocli. */
    public TablesCommand() {}

    @Override
    public Integer call() {
        try {
            Map<Path, String> pages = new Tables(Results.read(List.of(results))).pages(root);
            List<Path> stale = Tables.stale(pages);
            for (Path page : stale) {
                if (check) {
                    spec.commandLine().getErr().println(page + " has tables that differ from the result files");
                } else {
                    Files.writeString(page, pages.getOrDefault(page, ""));
                    spec.commandLine().getOut().println("wrote " + page);
                }
            }
            return check && !stale.isEmpty() ? 1 : 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return BROKEN;
        }
    }
}
