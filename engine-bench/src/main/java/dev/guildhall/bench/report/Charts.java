package dev.guildhall.bench.report;

import dev.guildhall.bench.report.Chart.Point;
import dev.guildhall.bench.report.Chart.Series;
import dev.guildhall.bench.results.Figure;
import dev.guildhall.bench.results.Result;
import dev.guildhall.bench.results.Results;
import dev.guildhall.bench.results.Score;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The charts of the report, of what results there are. */
final class Charts {
    private static final String SESSIONS = "sessions that each event goes to";
    private static final String DELIVERIES = "deliveries a second";
    private static final Pattern ONE_TOPIC = Pattern.compile("ONE_OF_(\\d+)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final Results results;

    private Charts(Results results) {
        this.results = results;
    }

    /** Those that have points, in the order of the page. */
    static List<Chart> of(Results results) {
        Charts charts = new Charts(results);
        return Stream.of(
                        charts.rivals(),
                        charts.rivalRatios(),
                        charts.baselines(),
                        charts.latency(),
                        charts.latencyBeside(),
                        charts.trouble(),
                        charts.gateway(),
                        charts.compression(),
                        charts.memory(),
                        charts.connections())
                .filter(chart -> !chart.isEmpty())
                .toList();
    }

    private Chart rivals() {
        return throughput(
                "rivals",
                "Deliveries a second beside other libraries",
                "One publisher, one topic, in one JVM. Guildhall's sessions can resume: each event is numbered, filtered by mask and"
                        + " kept for replay. The Disruptor has consumers but no sessions: it is the floor.",
                "rivals",
                score -> numberIn(ONE_TOPIC, parameter(score, "scenario")));
    }

    private Chart baselines() {
        return throughput(
                "fanout",
                "Deliveries a second by size of the guild",
                "Guildhall's inline subscribers beside what one would write by hand, and beside the JDK's SubmissionPublisher.",
                "fanout",
                score -> numberIn(NUMBER, parameter(score, "sessions")));
    }

    /** Lines of contenders over sizes, of the runs of one command; a score of size 0 is left out. */
    private Chart throughput(String id, String title, String text, String command, Function<Score, Double> size) {
        Map<String, Map<Double, List<Score>>> byName = new LinkedHashMap<>();
        for (Score score : results.scoresOf(command)) {
            double x = size.apply(score);
            if (x > 0) {
                byName.computeIfAbsent(Palette.name(parameter(score, "contender")), name -> new TreeMap<>())
                        .computeIfAbsent(x, key -> new ArrayList<>())
                        .add(score);
            }
        }
        List<Series> series = byName.entrySet().stream()
                .map(each -> new Series(
                        each.getKey(),
                        each.getValue().entrySet().stream()
                                .map(point -> Point.ofScores(point.getKey(), point.getValue()))
                                .toList()))
                .sorted(Comparator.comparingInt(each -> Palette.colourOf(each.name(), Palette.COLOURS)))
                .toList();
        return new Chart(
                id,
                title,
                text,
                commands(result ->
                        result.subcommand().equals(command) && !result.scores().isEmpty()),
                SESSIONS,
                DELIVERIES,
                List.of(),
                true,
                null,
                series);
    }

    private Chart rivalRatios() {
        Dots dots = new Dots(Pattern.compile("rivals\\.(?<row>[^.]+)\\.(?<series>[^.]+)\\.ratio"));
        return dots.chart(
                "rival-ratios",
                "Guildhall over each rival",
                "How many times as many deliveries a second, at three sizes of one topic and with 1,000 topics of 25. Each ratio is of"
                        + " runs that followed each other.",
                "times as many deliveries a second",
                true,
                Palette::name,
                scenario -> scenario.equals("small") ? "1,000 topics of 25" : "one topic of " + grouped(scenario));
    }

    private Chart latency() {
        Pattern name = Pattern.compile("(?<row>latency\\.\\d+)\\.(?<series>p[0-9.]+|max)-micros");
        return new Dots(name)
                .chart(
                        "latency",
                        "Latency of a paced publish",
                        "Until the last session has the event, from the time at which it was due, so that waiting for the publisher counts.",
                        "microseconds",
                        true,
                        row -> grouped(row.substring(row.indexOf('.') + 1)) + " sessions",
                        Function.identity());
    }

    private Chart latencyBeside() {
        return new Dots(Pattern.compile("latency\\.10000\\.(?<row>[a-z]+)\\.(?<series>p\\d+)-micros"))
                .chart(
                        "latency-beside",
                        "Latency of a paced publish beside other libraries",
                        "Until the last of 10,000 recipients has the event, from the time at which it was due, at 100 events a second.",
                        "microseconds",
                        true,
                        Palette::name,
                        Function.identity());
    }

    private Chart trouble() {
        Pattern name = Pattern.compile(
                "(?<row>fairness\\.(?:alone|steady|flooded)|stalled(?:\\.without)?)\\.(?<series>p\\d+)-micros");
        Map<String, String> rows = Map.of(
                "fairness.alone", "small guilds alone",
                "fairness.steady", "beside a large guild",
                "fairness.flooded", "beside a flooded one",
                "stalled", "beside stalled clients",
                "stalled.without", "without those");
        return new Dots(name)
                .chart(
                        "trouble",
                        "Latency of others beside trouble",
                        "1,000 guilds of 25 sessions beside one of 100,000, and 10,000 clients that read beside as many that do not.",
                        "microseconds, 99th percentile",
                        true,
                        row -> rows.getOrDefault(row, row),
                        Function.identity());
    }

    private Chart gateway() {
        Pattern name = Pattern.compile("gateway\\.(?<row>[^.]+)\\.(?<series>[^.]+)\\.cpu-micros");
        return new Dots(name)
                .chart(
                        "gateway",
                        "Processor time of a frame",
                        "The WebSocket gateway, with the engine behind it, beside a server in C that does nothing but send, and beside other WebSocket"
                                + " servers. Each on one processor.",
                        "microseconds",
                        true,
                        row -> row.startsWith("max-") ? "at most, " + grouped(row.substring(4)) : row,
                        server -> server.equals("vertx") ? "Vert.x" : Palette.name(server));
    }

    private Chart compression() {
        Pattern name = Pattern.compile("compression\\.(?<row>[^.]+)\\.(?<series>\\d+)\\.per-frame-microseconds");
        return new Dots(name)
                .chart(
                        "compression",
                        "Processor time of a compressed frame",
                        "One event to many receivers, by the size of the message.",
                        "microseconds",
                        true,
                        Palette::name,
                        size -> grouped(size) + " bytes");
    }

    private Chart memory() {
        Dots dots = new Dots(Pattern.compile("memory\\.(?<row>[a-z-]+)\\.(?<series>\\d+)\\.bytes"));
        return dots.chart(
                "memory",
                "Heap of each, at rest",
                "After full collections, of so many at once.",
                "bytes",
                dots.series().stream().anyMatch(each -> each.points().stream().anyMatch(point -> point.max() > 3_000)),
                row -> row.replace('-', ' '),
                Charts::grouped);
    }

    private Chart connections() {
        Pattern name = Pattern.compile("connections\\.(?<row>[a-z_]+)\\.idle\\.(?<series>heap|all)-kib");
        return new Dots(name)
                .chart(
                        "connections",
                        "Memory of an idle connection",
                        "Of the gateway without its protocol's handlers; the heap counts the engine's session too.",
                        "KiB",
                        false,
                        Palette::name,
                        what -> what.equals("all") ? "in all" : "heap");
    }

    private List<String> commands(Predicate<Result> measured) {
        return results.all().stream()
                .filter(measured)
                .map(Result::command)
                .distinct()
                .toList();
    }

    private static String parameter(Score score, String name) {
        return score.parameters().getOrDefault(name, "");
    }

    private static double numberIn(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches() ? Double.parseDouble(matcher.group(matcher.groupCount())) : 0;
    }

    private static String grouped(String number) {
        return NUMBER.matcher(number).matches() ? Numbers.grouped(Long.parseLong(number)) : number;
    }

    /** The figures of a pattern, whose groups {@code row} and {@code series} say where each belongs. */
    private final class Dots {
        private final Pattern pattern;
        private final boolean isComparison;
        private final List<String> rows = new ArrayList<>();
        private final Map<String, List<Point>> points = new LinkedHashMap<>();

        Dots(Pattern pattern) {
            this.pattern = pattern;
            this.isComparison = pattern.pattern().endsWith("ratio");
            for (Figure figure : results.figures()) {
                Matcher name = pattern.matcher(figure.name());
                if (name.matches()) {
                    if (!rows.contains(name.group("row"))) {
                        rows.add(name.group("row"));
                    }
                    points.computeIfAbsent(name.group("series"), key -> new ArrayList<>())
                            .add(Point.of(rows.indexOf(name.group("row")), figure));
                }
            }
        }

        List<Series> series() {
            return points.entrySet().stream()
                    .map(each -> new Series(each.getKey(), each.getValue()))
                    .toList();
        }

        Chart chart(
                String id,
                String title,
                String text,
                String across,
                boolean isLogarithmic,
                Function<String, String> rowName,
                Function<String, String> seriesName) {
            return new Chart(
                    id,
                    title,
                    text,
                    commands(result -> result.figures().stream()
                            .anyMatch(figure -> pattern.matcher(figure.name()).matches())),
                    across,
                    "",
                    rows.stream().map(rowName).toList(),
                    isLogarithmic,
                    isComparison ? 1.0 : null,
                    series().stream()
                            .map(each -> new Series(seriesName.apply(each.name()), each.points()))
                            .toList());
        }
    }
}
