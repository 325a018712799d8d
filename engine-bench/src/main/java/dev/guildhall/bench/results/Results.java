package dev.guildhall.bench.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The results of several files. A figure that is in more than one of them has the samples of all. */
public final class Results {
    private final List<Result> results;
    private final Map<String, Figure> figures = new LinkedHashMap<>();

    private Results(List<Result> results) {
        this.results = List.copyOf(results);
        for (Result result : results) {
            result.figures().forEach(figure -> figures.merge(figure.name(), figure, Figure::with));
        }
    }

    /** These. */
    public static Results of(List<Result> results) {
        return new Results(results);
    }

    /** Reads files, and of folders the files with names that end in {@code .json}, in the order of their names. */
    public static Results read(List<Path> filesAndFolders) throws IOException {
        List<Result> results = new ArrayList<>();
        for (Path path : filesAndFolders) {
            for (Path file : Files.isDirectory(path) ? in(path) : List.of(path)) {
                results.add(Result.read(file));
            }
        }
        return new Results(results);
    }

    private static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** All of them. */
    public List<Result> all() {
        return results;
    }

    /** Those of a command, whatever its options. */
    public List<Result> of(String subcommand) {
        return results.stream()
                .filter(result -> result.subcommand().equals(subcommand))
                .toList();
    }

    /** All figures, in the order of the files. */
    public List<Figure> figures() {
        return List.copyOf(figures.values());
    }

    /** The figure of this name. */
    public Optional<Figure> figure(String name) {
        return Optional.ofNullable(figures.get(name));
    }

    /** What JMH measured in the runs of a command. */
    public List<Score> scoresOf(String subcommand) {
        return of(subcommand).stream()
                .flatMap(result -> result.scores().stream())
                .toList();
    }
}
