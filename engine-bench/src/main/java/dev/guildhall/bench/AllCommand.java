package dev.guildhall.bench;

import dev.guildhall.bench.report.ReportCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench all}: each command that measures, one after the other in a JVM of its own, with a result file for each, and then the
 * report. A command that misses a bound does not stop it; one that fails does not either, but the status is 1 then.
 */
@Command(
        name = "all",
        mixinStandardHelpOptions = true,
        description = "Runs every benchmark, keeps a result file of each, and makes the report of them.")
final class AllCommand implements Callable<Integer> {
    private static final int MISSED_A_BOUND = 1;
    private static final String FAILED = "failed";
    /** In the jar of the rivals, by the names of their main classes. */
    private static final Map<String, String> OF_RIVALS = Map.of(
            "rivals", "dev.guildhall.bench.rivals.RivalsBench", "latency", "dev.guildhall.bench.rivals.LatencyBench");

    @Option(
            names = "--quick",
            description = "The quick form: one round, short iterations, fewer clients. It shows that everything"
                    + " runs; its figures are rough.")
    private boolean quick;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "${sys:guildhall.root:-.}/engine-bench/target/results",
            description = "The folder of the result files, and of report.html (default: engine-bench/target/results).")
    private Path results = Path.of("");

    @Option(
            names = "--root",
            hidden = true,
            defaultValue = "${sys:guildhall.root:-.}",
            description = "The folder of this project, where the rivals' jar is.")
    private Path root = Path.of("");

    /** A command, with what it takes in the quick form. */
    record Step(String command, List<String> quickArguments) {
        Step(String command, String... quickArguments) {
            this(command, List.of(quickArguments));
        }
    }

    static final List<Step> STEPS = List.of(
            new Step("rivals", "--rounds=1", "--size=1000", "--size=small"),
            new Step("latency", "--rounds=1", "--rival=pekko", "--events=200"),
            new Step("suites", "--quick"),
            new Step("allocations"),
            new Step("fanout", "--rounds=1"),
            new Step("ring", "--rounds=1"),
            new Step("audience", "--rounds=1", "--sessions=20000"),
            new Step("stalled", "--pairs=1", "--seconds=10", "--stalled=2000", "--healthy=2000"),
            new Step("fairness", "--rounds=1", "--seconds=2"),
            new Step("memory", "--rounds=1", "--count=1000"),
            new Step("connections", "--idle=2000", "--stalled=2000", "--seconds=10"),
            new Step("gateway", "--rounds=1", "--seconds=1", "--warm-up=1"),
            new Step("compression", "--rounds=1", "--iterations=1"));

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(results);
        List<String> summary = new ArrayList<>();
        boolean failed = false;
        for (Step step : STEPS) {
            System.out.printf("%n%d of %d: bench %s%n", summary.size() + 1, STEPS.size(), step.command());
            long began = System.nanoTime();
            String outcome = run(step);
            failed |= outcome.equals(FAILED);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            summary.add(String.format(Locale.ROOT, "%-12s %5d s  %s", step.command(), seconds, outcome));
        }
        System.out.println();
        summary.forEach(System.out::println);
        if (quick) {
            System.out.println("Bounds are for the full forms: what a quick form measures is rough.");
        }
        String page = results.resolve("report.html").toString();
        int reported = new CommandLine(new ReportCommand()).execute("--results", results.toString(), "--out", page);
        return failed || reported != 0 ? 1 : 0;
    }

    /** Runs a command and answers how it ended, in a word or two. */
    private String run(Step step) throws IOException, InterruptedException {
        Path file = results.resolve(step.command() + ".json");
        Files.deleteIfExists(file);
        String ofRivals = OF_RIVALS.get(step.command());
        Path jar = root.resolve("engine-bench/rivals/target/rivals.jar");
        if (ofRivals != null && !Files.exists(jar)) {
            return "left out, as its jar is not built";
        }
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + Jmh.QUICK + "=" + quick,
                "-cp"));
        command.addAll(
                ofRivals != null
                        ? List.of(jar.toString(), ofRivals)
                        : List.of(System.getProperty("java.class.path"), Bench.class.getName(), step.command()));
        if (quick) {
            command.addAll(step.quickArguments());
            command.add("--note=quick form: one round, short iterations");
            command.add("--within=./guildhall bench all --quick");
        }
        command.add("--results=" + file);
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (!Files.exists(file)) {
            return FAILED;
        }
        return status == 0 ? "" : status == MISSED_A_BOUND ? "missed a bound" : FAILED;
    }
}
