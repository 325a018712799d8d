package dev.guildhall.bench.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.bench.results.Figure;
import dev.guildhall.bench.results.Result;
import dev.guildhall.bench.results.Results;
import dev.guildhall.bench.results.SampleResults;
import dev.guildhall.bench.results.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tables of results, and the command. */
class TablesTest {
    private static final Result STALLED = SampleResults.noted(
            "stalled",
            "trial",
            List.of(),
            Figure.of("stalled.heap-growth-percent", 0.3241, 0.3464, 0.4067).atMost(2),
            Figure.of("stalled.p99-ratio", 1.1395, 1.61, 1.6092).atMost(1.3),
            Figure.of("stalled.p90-ratio", 1.3568));

    @TempDir
    private Path root = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(root.resolve("docs/adr"));
    }

    private int run(String... options) {
        String[] all = new String[options.length + 4];
        all[0] = "--root";
        all[1] = root.toString();
        all[2] = "--results";
        all[3] = root.resolve("results").toString();
        System.arraycopy(options, 0, all, 4, options.length);
        return new CommandLine(new TablesCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all);
    }

    private static String table(String name, Result... results) {
        return new Tables(Results.of(List.of(results))).table(name);
    }

    @Test
    void aTableSaysWhatItIsOfAndWhetherBoundsAreMet() {
        assertThat(table("stalled", STALLED)).isEqualToIgnoringNewLines("""
                `./guildhall bench stalled` printed on 2026-11-29 at commit abc123, on 2 cores (a <fast> CPU), JDK 25.0.3, G1; **trial**:

                | | median | smallest to largest | bound |
                |---|--:|--:|--:|
                | growth of the heap in percent | 0.346 | 0.324 to 0.407 | ≤ 2 |
                | 99th percentile of the others' latency, with over without | 1.61 | 1.14 to 1.61 | ≤ 1.3, **missed** |
                | 90th percentile | 1.36 |  |  |
                """);
    }

    @Test
    void aTableOfScoresHasAPlaceForEachSize() {
        List<Score> scores = List.of(
                score("GUILDHALL", "10", 29_853_577, 8.5),
                score("GUILDHALL", "10000", 4e8, 0.01),
                score("GUILDHALL", "10000", 5e8, 0.02),
                score("GUILDHALL", "10000", 6e8, 0.03),
                score("THREAD_PER_RECIPIENT", "10000", 12_345_678, 5));
        Result fanout = SampleResults.noted(
                "fanout", null, scores, Figure.of("fanout.10000.ratio-vs-thread-per-session", 35, 38.8663, 42));

        assertThat(table("fanout", fanout))
                .contains("| Guildhall | 29.9 M |  |  | 500 M |  |\n")
                .contains("| a thread per recipient |  |  |  | 12.3 M |  |\n")
                .contains("| bytes allocated by a delivery of Guildhall | 8.5 |  |  | 0.02 |  |\n")
                .contains("38.9 times as many as the better of a mailbox and a thread per recipient (35 to 42)");
    }

    private static Score score(String contender, String sessions, double value, double bytes) {
        return Score.of(
                "FanOutBenchmark.fanOut",
                Map.of("contender", contender, "sessions", sessions),
                "ops/s",
                1,
                bytes,
                value);
    }

    @Test
    void rivalsHaveARowEachAndTheEnginesTargetsToo() {
        Result rivals = SampleResults.of(
                "rivals",
                Figure.of("rivals.pekko.1000.ratio", 38, 40, 42).atLeast(10),
                Figure.of("rivals.pekko.10000.ratio", 60).atLeast(61),
                Figure.of("rivals.pekko.100000.ratio", 55),
                Figure.of("rivals.pekko.small.ratio", 30),
                Figure.of("latency.10000.p50-micros", 321).atMost(500),
                Figure.of("latency.10000.p99-micros", 900),
                Figure.of("sessions.open-close-per-second", 612_345).atLeast(500_000),
                Figure.of("publish.8-threads-ratio", 0.9),
                Figure.of("million.fanout-millis", 28.54));

        assertThat(table("rivals", rivals))
                .contains("| Pekko typed | 40 (38 to 42), ≥ 10 | 60, ≥ 61, **missed** | 55 | 30 |")
                .doesNotContain("jox");
        assertThat(table("targets", rivals))
                .contains("the last has it, median, microseconds | 321 |  | ≤ 500 |")
                .contains("open, subscribe and close | 612,345 |  | ≥ 500,000 |")
                .contains("milliseconds | 28.5 |  |  |");
    }

    @Test
    void theGatewayHasARowForEachScenarioThatRan() {
        Result gateway = SampleResults.of(
                "gateway",
                Figure.of("gateway.steady.epoll.cpu-ratio", 1.1, 1.2, 1.4).atMost(1.35),
                Figure.of("gateway.steady.epoll.p50-ratio", 1.14),
                Figure.of("gateway.max-1000.io_uring.cpu-ratio", 2),
                Figure.of("gateway.max-1000.io_uring.frames-per-second", 3.7e6).atLeast(4e6));

        assertThat(table("gateway", gateway))
                .contains("| 50 events a second to 1,000 | epoll | 1.2 (1.1 to 1.4), ≤ 1.35 | 1.14 |  |  |\n")
                .contains("| as fast as 1,000 read | io_uring | 2 |  |  | 3,700,000, ≥ 4,000,000, **missed** |\n")
                .doesNotContain("bursts");
    }

    @Test
    void compressionHasAColumnForEachWay() {
        Figure[] figures = Stream.of("none", "shared", "own", "window-4096", "zstd")
                .flatMap(way -> Stream.of("128", "512", "4096")
                        .flatMap(size -> Stream.of("bytes", "per-frame-microseconds", "alone-microseconds")
                                .map(what -> Figure.of("compression." + way + "." + size + "." + what, size.length()))))
                .toArray(Figure[]::new);
        Result compression = SampleResults.of("compression", figures);

        assertThat(table("compression-bytes", compression))
                .contains(
                        "| bytes of a frame | not compressed | `SHARED` | `PER_CONNECTION` | with `windowBits` 12 | zstd |\n")
                .contains("| 4,096 bytes | 4 | 4 | 4 | 4 | 4 |\n");
        assertThat(table("compression-time", compression))
                .contains("| 128 bytes, one of many receivers | 3 | 3 | 3 | 3 | 3 |\n");
    }

    @Test
    void suitesHaveARowForEachLine() {
        Result suites = SampleResults.of(
                "suites",
                Figure.of("suites.fan-out.guildhall.10000.deliveries-per-second", 3e8, 4e8, 5e8),
                Figure.of("suites.fan-out.guildhall.10000.bytes-per-op", 0.01),
                Figure.of("suites.presence.guildhall.changes-per-second", 12_345),
                Figure.of("suites.presence.guildhall.bytes-per-op", 24));

        assertThat(table("suites", suites))
                .contains(
                        "| fan-out | guildhall.10000 | 400,000,000 deliveries | 300,000,000 to 500,000,000 | 0.01 |\n")
                .contains("| presence | guildhall | 12,345 changes |  | 24 |\n");
    }

    @Test
    void memoryHasAColumnForEachNumber() {
        Figure[] figures = Stream.of(
                        "idle-session-inline",
                        "idle-session-default",
                        "idle-session-of-own-user",
                        "idle-session-resumable",
                        "idle-session-resumable-with-listener",
                        "stalled-session",
                        "subscription",
                        "guild",
                        "guild-with-handler")
                .flatMap(kind -> Stream.of("1000", "100000", "1000000")
                        .map(count -> Figure.of("memory." + kind + "." + count + ".bytes", count.length())))
                .toArray(Figure[]::new);

        assertThat(table("memory", SampleResults.of("memory", figures)))
                .contains("| bytes of heap of each, of so many | 1,000 | 100,000 | 1,000,000 |\n")
                .contains("| guild with a handler | 4 | 6 | 7 |\n");
    }

    @Test
    void whatWasNotMeasuredIsSaidToBe() {
        assertThat(table("stalled")).contains("Not measured yet: `./guildhall bench stalled --results");
    }

    @Test
    void aTableDoesNotLoseALine() {
        assertThatThrownBy(() -> table("stalled", SampleResults.of("stalled", Figure.of("stalled.p99-ratio", 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no figure stalled.heap-growth-percent");
    }

    @Test
    void theCommandWritesPagesAndFindsThoseThatDiffer() throws IOException {
        STALLED.write(root.resolve("results/stalled.json"));
        Path readme = Files.writeString(root.resolve("README.md"), "# A\n<!-- table: stalled -->\n<!-- end -->\n");
        Path page = Files.writeString(root.resolve("docs/adr/a.md"), "<!-- table: stalled -->\n<!-- end -->\n");
        Path other = Files.writeString(root.resolve("docs/other.md"), "no tables\n");

        assertThat(run("--check")).isEqualTo(1);
        assertThat(err.toString()).contains("README.md has tables that differ").contains("a.md has tables");
        assertThat(run()).isZero();
        assertThat(out.toString())
                .contains("wrote")
                .contains("README.md")
                .contains("a.md")
                .doesNotContain("other.md");
        assertThat(run("--check")).isZero();
        assertThat(readme).content().startsWith("# A\n").contains("| 1.61 |");
        assertThat(page).content().contains("| 1.61 |");
        assertThat(other).content().isEqualTo("no tables\n");

        Files.writeString(readme, Files.readString(readme).replace("1.61", "1.01"));
        assertThat(run("--check")).isEqualTo(1);
    }

    @Test
    void theCommandSaysWhatIsWrongWithAPage() throws IOException {
        STALLED.write(root.resolve("results/stalled.json"));
        Files.writeString(root.resolve("docs/bad.md"), "<!-- table: nosuch -->\n<!-- end -->\n");

        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("bad.md: no table is called 'nosuch'");

        Files.writeString(root.resolve("results/broken.json"), "{}");
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("broken.json is not a result");
    }
}
