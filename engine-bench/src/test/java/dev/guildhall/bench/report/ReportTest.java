package dev.guildhall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.guildhall.bench.report.Chart.Point;
import dev.guildhall.bench.report.Chart.Series;
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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the page shows of results. */
class ReportTest {
    private static final Result GATEWAY = SampleResults.noted(
            "gateway",
            "beside a <build>",
            List.of(),
            Figure.of("gateway.steady.c.cpu-micros", 2, 2.1, 2.2),
            Figure.of("gateway.steady.epoll.cpu-micros", 2.6, 2.7, 2.8),
            Figure.of("gateway.bursts.epoll.cpu-micros", 1.1),
            Figure.of("gateway.steady.epoll.cpu-ratio", 1.1, 1.29, 1.42).atMost(1.35),
            Figure.of("gateway.steady.io_uring.cpu-ratio", 1.53).atMost(1));

    private static final Result RIVALS = SampleResults.noted(
            "rivals",
            null,
            List.of(
                    rival("GUILDHALL", "ONE_OF_1000", 3e8, 4e8, 5e8),
                    rival("GUILDHALL", "ONE_OF_10000", 2e8),
                    rival("GUILDHALL", "ONE_OF_10000", 4e8, 6e8, 5e8),
                    rival("GUILDHALL", "SMALL", 1e8),
                    rival("JOX", "ONE_OF_1000", 1e6)),
            Figure.of("rivals.jox.1000.ratio", 350, 400, 420),
            Figure.of("rivals.jox.small.ratio", 90));

    @TempDir
    private Path folder = Path.of("");

    private static Score rival(String contender, String scenario, double... values) {
        return Score.of(
                "RivalsBenchmark.fanOut",
                Map.of("contender", contender, "scenario", scenario),
                "ops/s",
                1,
                0.5,
                values);
    }

    private static Chart chart(String id, Result... results) {
        return Charts.of(Results.of(List.of(results))).stream()
                .filter(chart -> chart.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void needFonts() {
        boolean isNeeded = "true".equals(System.getenv("CI"));
        assumeTrue(isNeeded || ChartSvg.hasFonts(), "no font to measure labels with");
    }

    @Test
    void linesGoOverTheSizesOfOneTopic() {
        Chart chart = chart("rivals", RIVALS);

        assertThat(chart.isDots()).isFalse();
        assertThat(chart.commands()).containsExactly("./guildhall bench rivals");
        assertThat(chart.series())
                .containsExactly(
                        new Series(
                                "Guildhall",
                                List.of(new Point(1_000, 4e8, 3e8, 5e8), new Point(10_000, 3.5e8, 2e8, 6e8))),
                        new Series("jox channels", List.of(new Point(1_000, 1e6, 1e6, 1e6))));
    }

    @Test
    void dotsAreInARowForEachCategory() {
        Chart chart = chart("gateway", GATEWAY);

        assertThat(chart.categories()).containsExactly("steady", "bursts");
        assertThat(chart.series())
                .containsExactly(
                        new Series("C, nothing but sends", List.of(new Point(0, 2.1, 2, 2.2))),
                        new Series(
                                "Guildhall, epoll", List.of(new Point(0, 2.7, 2.6, 2.8), new Point(1, 1.1, 1.1, 1.1))));
    }

    @Test
    void aComparisonShowsWhereBothAreEqual() {
        assertThat(chart("rival-ratios", RIVALS).even()).isEqualTo(1);
        assertThat(chart("gateway", GATEWAY).even()).isNull();
    }

    @Test
    void aContenderHasOneColour() {
        assertThat(Palette.colourOf("Guildhall", 5)).isZero();
        assertThat(Palette.colourOf("jox channels", 1)).isEqualTo(Palette.colourOf("jox channels", 7));
        assertThat(Palette.colourOf("something new", 9)).isEqualTo(1);
    }

    @Test
    void thePageSaysWhatWasMeasuredWhereAndHow() {
        needFonts();

        String page = Report.html(Results.of(List.of(GATEWAY, RIVALS)));

        assertThat(page)
                .contains("a &lt;fast&gt; CPU, 2 cores", "8 GiB", "Netty 4.2", "abc123")
                .contains("Beside a &lt;build&gt;")
                .contains("<code>./guildhall bench gateway</code>")
                .contains("rivals.jox.small.ratio")
                .contains("≤ 1.35 <span class=\"met\">met</span>", "≤ 1 <span class=\"missed\">missed</span>")
                .contains("contender=jox, scenario=one_of_1000")
                .doesNotContain("<script", "http://localhost", "<link", "url(http");
    }

    @Test
    void drawingsHaveTheColoursOfThePageAndNamesOfTheirOwn() {
        needFonts();

        String page = Report.html(Results.of(List.of(GATEWAY, RIVALS)));

        assertThat(page).contains("fill:var(--series-0)", "stroke:var(--series-4)", "fill:var(--text-quiet)");
        assertThat(page).doesNotContain("rgb(");
        List<String> ids = Pattern.compile(" id=\"([^\"]+)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
        Pattern.compile("url\\(#([^)]+)\\)")
                .matcher(page)
                .results()
                .map((MatchResult found) -> found.group(1))
                .forEach(used -> assertThat(ids).contains(used));
    }

    @Test
    void labelsOfCategoriesEndAtOneEdge() {
        needFonts();

        String drawn = ChartSvg.draw(chart("rival-ratios", RIVALS, GATEWAY), 400);
        String other = ChartSvg.draw(chart("gateway", GATEWAY), 400);

        assertThat(drawn).contains(">jox channels</text>").contains(" viewBox=\"0 0 400 ");
        List<String> edges = Pattern.compile("text-anchor=\"end\" x=\"([^\"]+)\"")
                .matcher(other)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(edges).hasSize(2);
        assertThat(edges.getFirst()).isEqualTo(edges.getLast());
    }

    @Test
    void theCommandWritesThePage() throws IOException {
        needFonts();
        GATEWAY.write(folder.resolve("results/gateway.json"));
        Path page = folder.resolve("new/report.html");
        CommandLine report = new CommandLine(new ReportCommand());

        int status = report.execute("--results", folder.resolve("results").toString(), "--out", page.toString());

        assertThat(status).isZero();
        assertThat(page).content().startsWith("<!DOCTYPE html>").endsWith("</html>\n");
    }

    @Test
    void theCommandSaysWhatIsMissing() throws IOException {
        needFonts();
        StringWriter err = new StringWriter();
        CommandLine report = new CommandLine(new ReportCommand()).setErr(new PrintWriter(err));
        String empty = Files.createDirectories(folder.resolve("empty")).toString();

        assertThat(report.execute("--results", folder.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(report.execute("--results", empty)).isEqualTo(2);

        assertThat(err.toString()).contains("there is no folder ").contains("there are no result files in ");
    }

    @Test
    void thePageBesideTheSourcesIsOfTheKeptResults() throws IOException {
        Path module = Path.of(System.getProperty("basedir", "."));

        String page = Files.readString(module.resolve("../docs/benchmarks.html"));

        assertThat(Results.read(List.of(module.resolve("results"))).all())
                .as("run ./guildhall bench report --out docs/benchmarks.html")
                .isNotEmpty()
                .allSatisfy(run -> assertThat(page)
                        .contains(
                                run.command(),
                                run.started().toString().replace('T', ' ').replace("Z", " UTC")));
    }
}
