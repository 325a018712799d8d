package dev.guildhall.bench.compare;

import dev.guildhall.bench.results.Figure;
import dev.guildhall.bench.results.Machine;
import dev.guildhall.bench.results.Result;
import dev.guildhall.bench.results.ResultJson;
import dev.guildhall.bench.results.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ratios and allocations that are held.
 *
 * @param updated when the newest of the runs began
 * @param machine that it ran on
 */
record Baseline(int format, Instant updated, Machine machine, List<Kept> figures) {
    private static final int FORMAT = 1;

    Baseline {
        if (format != FORMAT) {
            throw new IllegalArgumentException("its format is " + format + ", not " + FORMAT);
        }
        Objects.requireNonNull(updated, "updated is missing");
        Objects.requireNonNull(machine, "machine is missing");
        figures = List.copyOf(Objects.requireNonNull(figures, "figures is missing"));
    }

    static Baseline read(Path file) throws IOException {
        return ResultJson.read(file, Baseline.class, "a baseline of ./guildhall bench check --update");
    }

    void write(Path file) throws IOException {
        ResultJson.write(file, this);
    }

    /** A figure and what became of it; of a new one there is nothing kept, of a missing one nothing new. */
    record Compared(String name, Change change, Optional<Kept> kept, Optional<Figure> now) {}

    /** Compares all figures of both; the result is in the order of {@link Change}. */
    List<Compared> compare(Results results, double tolerancePercent) {
        Set<String> ran = results.all().stream().map(Result::command).collect(Collectors.toSet());
        List<Compared> compared = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Kept kept : figures) {
            known.add(kept.name());
            Optional<Figure> now = results.figure(kept.name());
            Change change = now.map(figure -> kept.change(figure, tolerancePercent))
                    .orElse(ran.contains(kept.command()) ? Change.MISSING : Change.NOT_RUN);
            compared.add(new Compared(kept.name(), change, Optional.of(kept), now));
        }
        results.figures().stream()
                .filter(figure -> Kept.Kind.of(figure.name()).isPresent() && !known.contains(figure.name()))
                .forEach(figure ->
                        compared.add(new Compared(figure.name(), Change.NEW, Optional.empty(), Optional.of(figure))));
        compared.sort(Comparator.comparing(Compared::change).thenComparing(Compared::name));
        return compared;
    }

    /**
     * The results' figures in place of those of the same commands, whatever their options; those of other commands stay, and so
     * does which way is better.
     */
    static Baseline updated(Optional<Baseline> before, Results results) {
        Result newest = results.all().stream()
                .max(Comparator.comparing(Result::started))
                .orElseThrow(() -> new IllegalArgumentException("there are no results"));
        Map<String, Kept> figures = new TreeMap<>();
        Map<String, Kept.Better> better = new LinkedHashMap<>();
        for (Kept kept : before.map(Baseline::figures).orElse(List.of())) {
            better.put(kept.name(), kept.better());
            if (results.of(Result.subcommand(kept.command())).isEmpty()) {
                figures.put(kept.name(), kept);
            }
        }
        for (Result result : results.all()) {
            for (Figure part : result.figures()) {
                Figure figure = results.figure(part.name()).orElse(part);
                Kept.Kind.of(figure.name())
                        .ifPresent(kind -> figures.put(
                                figure.name(),
                                Kept.of(
                                        figure,
                                        kind,
                                        better.getOrDefault(figure.name(), Kept.Better.of(figure)),
                                        result.command())));
            }
        }
        return new Baseline(FORMAT, newest.started(), newest.machine(), List.copyOf(figures.values()));
    }
}
