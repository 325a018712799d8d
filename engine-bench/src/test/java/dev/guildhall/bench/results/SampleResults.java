package dev.guildhall.bench.results;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Results as tests need them. */
public final class SampleResults {
    private static final Machine MACHINE =
            new Machine("a <fast> CPU", 2, 1L << 33, "Linux 6", "OpenJDK VM 25.0.3+9", "G1");
    private static final Instant START = Instant.parse("2026-11-29T00:00:00Z");

    private SampleResults() {}

    /** Of a command, with a note. */
    public static Result noted(String command, @Nullable String note, List<Score> scores, Figure... figures) {
        return new Result(
                Result.FORMAT,
                "./guildhall bench " + command,
                START,
                60,
                0,
                note,
                "abc123",
                MACHINE,
                new TreeMap<>(Map.of("Netty", "4.2")),
                Arrays.asList(figures),
                scores);
    }

    /** Of a command. */
    public static Result of(String command, Figure... figures) {
        return noted(command, null, List.of(), figures);
    }
}
