package dev.guildhall.bench;

import dev.guildhall.bench.results.Recording;
import dev.guildhall.bench.results.Score;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH benchmarks one set of parameters at a time, for commands that alternate them. */
final class Jmh {
    private static final TimeValue ITERATION = TimeValue.milliseconds(700);

    private Jmh() {}

    /** How often JMH starts a JVM, and iterates in each. */
    record Effort(int forks, int warmups, int measurements) {}

    /** Runs the method of the benchmark class. */
    static RunResult run(Class<?> benchmark, String method, Map<String, String> parameters, Effort effort)
            throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + (benchmark.getName() + "." + method).replace(".", "\\.") + "$")
                .forks(effort.forks())
                .warmupIterations(effort.warmups())
                .warmupTime(ITERATION)
                .measurementIterations(effort.measurements())
                .measurementTime(ITERATION)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        parameters.forEach(options::param);
        Collection<RunResult> results = new Runner(options.build()).run();
        if (results.isEmpty()) {
            throw new IllegalStateException("the run failed; run it in JMH to see why: -cp benchmarks.jar"
                    + " org.openjdk.jmh.Main " + benchmark.getSimpleName() + " with " + parameters);
        }
        RunResult result = results.iterator().next();
        Recording.current().add(score(benchmark, method, parameters, effort, result));
        return result;
    }

    private static Score score(
            Class<?> benchmark, String method, Map<String, String> parameters, Effort effort, RunResult result) {
        double[] iterations = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
                .toArray();
        return Score.of(
                benchmark.getSimpleName() + "." + method,
                parameters,
                result.getPrimaryResult().getScoreUnit(),
                effort.forks(),
                bytesPerOperation(result),
                iterations);
    }

    /** Median of the iterations: an operation may be compiled once more after the warm-up. */
    static double score(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }

    /** Median of the iterations: the last one of a fork also counts what JMH allocates to collect its results. */
    static double bytesPerOperation(RunResult result) {
        return Objects.requireNonNull(
                        result.getSecondaryResults().get("gc.alloc.rate.norm"), "the gc profiler's result")
                .getStatistics()
                .getPercentile(50);
    }

    static void writeJson(Path file, List<RunResult> results) throws RunnerException {
        ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
    }
}
