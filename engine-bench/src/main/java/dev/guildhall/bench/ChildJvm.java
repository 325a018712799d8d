package dev.guildhall.bench;

import dev.guildhall.bench.results.Recording;
import dev.guildhall.bench.results.Result;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a command of {@link Bench} in a JVM of its own under G1, so that measurements share neither heap nor compiled code. */
final class ChildJvm {
    private ChildJvm() {}

    /**
     * Runs to the end and passes on what is printed; the figures are this JVM's too, for {@code --results}.
     *
     * @param heap such as {@code 4g}
     * @param arguments of {@link Bench}
     * @return the lines that were printed
     */
    static List<String> run(String heap, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:+UseG1GC",
                "-XX:+AlwaysPreTouch", // or the first use of each page is measured too
                "-Xms" + heap,
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                Bench.class.getName()));
        command.addAll(arguments);
        Path results = Files.createTempFile("guildhall-bench", ".json");
        command.add("--results=" + results);
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                System.out.println(line);
                lines.add(line);
            }
        }
        int status = child.waitFor();
        if (status != 0) {
            throw new IllegalStateException("the measuring JVM ended with status " + status + ": " + arguments);
        }
        Recording.current().addChild(Result.read(results));
        Files.delete(results);
        return lines;
    }

    /** Heap in use after full collections. */
    static long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            used = Math.min(
                    used,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return used;
    }
}
