package dev.guildhall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Every line of every suite can be run: it is set up, called twice, and closed in this JVM, with fewer sessions and guilds. If one fails,
 * the next may fail with it, as JMH then keeps its state.
 */
@Timeout(120)
class SuitesTest {
    private static final int FEW = 1_000;
    private static final Map<String, Integer> MOST = Map.of("sessions", FEW, "guilds", FEW);

    @BeforeAll
    static void besideOthers() {
        System.setProperty("jmh.ignoreLock", "true"); // no time is measured here
    }

    /** What is left of the lines when all are small. */
    record Line(Class<?> benchmark, String method, Map<String, String> parameters) {}

    static Stream<Line> lines() {
        return Arrays.stream(Suite.values())
                .flatMap(suite -> suite.cases().stream())
                .map(each -> new Line(each.benchmark(), each.method(), few(each.parameters())))
                .distinct();
    }

    private static Map<String, String> few(Map<String, String> parameters) {
        Map<String, String> few = new TreeMap<>(parameters);
        MOST.forEach((name, most) ->
                few.computeIfPresent(name, (same, value) -> Integer.toString(Math.min(most, Integer.parseInt(value)))));
        return few;
    }

    @ParameterizedTest
    @MethodSource("lines")
    void runs(Line line) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + (line.benchmark.getName() + "." + line.method).replace(".", "\\.") + "$")
                .forks(0)
                .mode(Mode.SingleShotTime)
                .warmupIterations(1)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        line.parameters.forEach(options::param);
        Collection<RunResult> results = new Runner(options.build()).run();
        assertThat(results).hasSize(1);
    }

    @Test
    void namesOfLinesAreDifferentWithinASuiteAndEachHasABaselineInTheShortForm() {
        for (Suite suite : Suite.values()) {
            List<String> names = suite.cases().stream().map(SuiteCase::name).toList();
            assertThat(names).doesNotHaveDuplicates();
            assertThat(suite.cases().stream().filter(SuiteCase::isQuick)).hasSizeGreaterThan(1);
        }
    }
}
