package dev.guildhall.bench.report;

import dev.guildhall.bench.report.Chart.Point;
import dev.guildhall.bench.report.Chart.Series;
import dev.guildhall.bench.results.Machine;
import dev.guildhall.bench.results.Result;
import dev.guildhall.bench.results.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The page: one file with everything in it. */
public final class Report {
    private static final int WIDE = 760;
    private static final int NARROW = 360;

    private Report() {}

    /** A chart as the template needs it. Drawn twice: text would be too small to read on a phone if it only shrank. */
    public record View(Chart chart, String wide, String narrow, List<Key> legend, List<Row> rows) {
        static View of(Chart chart) {
            List<Key> legend = new ArrayList<>();
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < chart.series().size(); i++) {
                Series series = chart.series().get(i);
                legend.add(new Key(series.name(), Palette.colourOf(series.name(), i)));
                series.points().forEach(point -> rows.add(Row.of(chart, series, point)));
            }
            return new View(chart, ChartSvg.draw(chart, WIDE), ChartSvg.draw(chart, NARROW), legend, rows);
        }
    }

    /** A line of a legend. */
    public record Key(String name, int colour) {}

    /** A point as text. */
    public record Row(String series, String place, Point point) {
        static Row of(Chart chart, Series series, Point point) {
            return new Row(
                    series.name(),
                    chart.isDots() ? chart.categories().get((int) point.x()) : Numbers.grouped((long) point.x()),
                    point);
        }
    }

    /** Makes the page. */
    static String html(Results results) {
        List<Result> runs = results.all();
        Map<String, String> versions = new TreeMap<>();
        runs.forEach(run -> versions.putAll(run.versions()));
        List<Machine> machines = runs.stream().map(Result::machine).distinct().toList();
        return new Templates("/report")
                .fill(
                        "report.ftlh",
                        Map.of(
                                "charts",
                                Charts.of(results).stream().map(View::of).toList(),
                                "runs",
                                runs,
                                "machines",
                                machines,
                                "versions",
                                versions,
                                "commits",
                                runs.stream()
                                        .map(run -> run.commit() == null ? "" : run.commit())
                                        .filter(commit -> !commit.isEmpty())
                                        .distinct()
                                        .toList(),
                                "notes",
                                runs.stream()
                                        .map(run -> run.note() == null ? "" : run.note())
                                        .filter(note -> !note.isEmpty())
                                        .distinct()
                                        .toList(),
                                "colours",
                                Palette.COLOURS));
    }
}
