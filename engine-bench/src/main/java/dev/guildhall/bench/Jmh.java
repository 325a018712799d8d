package dev.guildhall.bench;

import dev.guildhall.bench.results.Recording;
import dev.guildhall.bench.results.Score;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
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
public final class Jmh {
    /** A system property: whether to run only as much as shows that a benchmark works, for {@code bench all --quick}. */
    static final String QUICK = "guildhall.bench.quick";

    private static final boolean IS_QUICK = Boolean.getBoolean(QUICK);
    private static final int USUAL_MILLIS = 700;
    private static final int QUICK_MILLIS = 200;

    private Jmh() {}

    /** How often JMH starts a JVM, and iterates in each, for at least how long. */
    public record Effort(int forks, int warmups, int measurements, int millis) {
        Effort(int forks, int warmups, int measurements) {
            this(forks, warmups, measurements, USUAL_MILLIS);
        }

        private Effort orLess() {
            return IS_QUICK
                    ? new Effort(1, Math.min(warmups, 1), Math.min(measurements, 2), Math.min(millis, QUICK_MILLIS))
                    : this;
        }

        private TimeValue iteration() {
            return TimeValue.milliseconds(millis);
        }
    }

    /** Runs the method of the benchmark class. */
    public static RunResult run(Class<?> benchmark, String method, Map<String, String> parameters, Effort wished)
            throws RunnerException {
        Effort effort = wished.orLess();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + (benchmark.getName() + "." + method).replace(".", "\\.") + "$")
                .forks(effort.forks())
                .warmupIterations(effort.warmups())
                .warmupTime(effort.iteration())
                .measurementIterations(effort.measurements())
                .measurementTime(effort.iteration())
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
    public static double score(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }

    /** The median as a rate, whether the benchmark's mode is throughput or time. */
    static double operationsPerSecond(RunResult result) {
        TimeUnit unit = result.getParams().getTimeUnit();
        double unitsOfSecond = (double) TimeUnit.SECONDS.toNanos(1) / unit.toNanos(1);
        return result.getParams().getMode() == Mode.Throughput
                ? score(result) * unitsOfSecond
                : unitsOfSecond / score(result);
    }

    /** Median of the iterations: the last one of a fork also counts what JMH allocates to collect its results. */
    public static double bytesPerOperation(RunResult result) {
        return Objects.requireNonNull(
                        result.getSecondaryResults().get("gc.alloc.rate.norm"), "the gc profiler's result")
                .getStatistics()
                .getPercentile(50);
    }

    public static void writeJson(Path file, List<RunResult> results) throws RunnerException {
        ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
    }
}
