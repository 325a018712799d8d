package dev.guildhall.bench.report;

import dev.guildhall.bench.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench report}: result files as a page to look at. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Makes one HTML page with charts and tables of result files; it needs nothing else.")
public final class ReportCommand implements Callable<Integer> {
    private static final int BROKEN = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "${sys:guildhall.root:-.}/engine-bench/results",
            description =
                    "The folder of the result files (default: engine-bench/results, those kept with the sources).")
    private Path results = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "${sys:guildhall.root:-.}/engine-bench/target/report.html",
            description = "The page (default: engine-bench/target/report.html).")
    private Path out = Path.of("");

    /** Made by picocli. */
    public ReportCommand() {}

    @Override
    public Integer call() {
        try {
            if (!Files.isDirectory(results)) {
                throw new IOException("there is no folder " + results);
            }
            if (!ChartSvg.hasFonts()) {
                throw new IOException("the charts need a font to measure their labels with; install fontconfig and one,"
                        + " such as fonts-dejavu-core");
            }
            Results read = Results.read(List.of(results));
            if (read.all().isEmpty()) {
                throw new IOException("there are no result files in " + results);
            }
            Path folder = out.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(out, Report.html(read));
            spec.commandLine().getOut().println("The report is in " + out);
            return 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return BROKEN;
        }
    }
}
