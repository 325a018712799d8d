package dev.guildhall.bench.results;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The versions of what is measured. The build writes them into the jars, as a merged jar keeps no manifests to ask. */
final class Versions {
    /** Each module of benchmarks has a file of its own; those of rivals are optional. */
    private static final List<String> FILES = List.of("/versions/engine.properties", "/versions/rivals.properties");

    private Versions() {}

    /** By library. */
    static SortedMap<String, String> onClassPath() {
        SortedMap<String, String> versions = new TreeMap<>();
        for (String file : FILES) {
            try (InputStream text = Versions.class.getResourceAsStream(file)) {
                if (text != null) {
                    Properties properties = new Properties();
                    properties.load(text);
                    properties.stringPropertyNames().forEach(name -> versions.put(name, properties.getProperty(name)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return versions;
    }

    /** The commit of the sources the jar lies in, with {@code -dirty} if they were changed since; null without Git. */
    static @Nullable String commit() {
        try {
            Path jar = Path.of(Versions.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            Path folder = jar.toAbsolutePath().getParent();
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
                    .directory(folder == null ? null : folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? commit.strip() : null;
        } catch (IOException noGit) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
