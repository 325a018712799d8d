package dev.guildhall.bench.tables;

import dev.guildhall.bench.report.Templates;
import dev.guildhall.bench.results.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the tables, each by a template of its name in {@code /tables}. */
final class Tables {
    private final Templates templates = new Templates("/tables");
    private final Map<String, ?> model;

    Tables(Results results) {
        model = Map.of("results", new TableModel(results));
    }

    /** The table of this name. */
    String table(String name) {
        String template = name + ".ftl";
        if (!templates.has(template)) {
            throw new IllegalArgumentException("no table is called '" + name + "'");
        }
        return templates.fill(template, model);
    }

    /** What the pages of a source tree that have tables should be, by file; those that are already so too. */
    Map<Path, String> pages(Path root) throws IOException {
        Map<Path, String> pages = new LinkedHashMap<>();
        for (Path file : markdown(root)) {
            String text = Files.readString(file);
            try {
                String filled = Markdown.fill(text, this::table);
                if (text.contains("<!-- table:")) {
                    pages.put(file, filled);
                }
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        }
        return pages;
    }

    /** Those of the pages that are not as they should be. */
    static List<Path> stale(Map<Path, String> pages) throws IOException {
        List<Path> stale = new ArrayList<>();
        for (Map.Entry<Path, String> page : pages.entrySet()) {
            if (!Files.readString(page.getKey()).equals(page.getValue())) {
                stale.add(page.getKey());
            }
        }
        return stale;
    }

    private static List<Path> markdown(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> top = Files.list(root);
                Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .forEach(files::add);
        }
        return files;
    }
}
