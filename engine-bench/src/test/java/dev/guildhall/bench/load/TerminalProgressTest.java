package dev.guildhall.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.bench.load.Tally.Count;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

/** What somebody at a terminal sees. */
class TerminalProgressTest {
    private static final int MILLI = 1_000_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TerminalProgress progress =
            new TerminalProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), Ansi.OFF);
    private final Scenario scenario = ScenarioFile.parse("test", "connect: {connections: 1000}", Map.of(), "run");
    private final Tally tally = new Tally(1000);

    private String show(int latencyMillis) {
        Histogram latencies = new Histogram(3);
        if (latencyMillis > 0) {
            latencies.recordValue((long) latencyMillis * MILLI);
        }
        Sample sample = new Sample(
                3, "measuring", 0, 0, 900, 60, 40, 0, 123_456, 49_999.6, 7.25, 50, 0.5, Percentiles.of(latencies));
        bytes.reset();
        progress.show(new Progress.Moment(
                scenario, Phase.MEASURING, Duration.ofSeconds(5), Duration.ofSeconds(20), sample, tally));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void showsWhereTheLoadIs() {
        tally.count(Count.CUTS);
        tally.closed(4000);
        tally.error("connect: connection refused");
        String shown = show(3);
        assertThat(shown)
                .contains("measuring", "━━━━━━━━━━─", "5 of 20 s")
                .contains("900 ready   60 stalled   40 away")
                .contains("50,000/s   123,456 in all   7.3 MB/s")
                .contains("p50 3.00   p90 3.00   p99 3.00   max 3.00 ms")
                .contains("1 cuts")
                .contains("4000 unknown error: 1")
                .contains("1 times connect: connection refused");
    }

    @Test
    void writesOverWhatItWroteBefore() {
        String first = show(0);
        assertThat(show(3)).contains("\033[" + lines(first) + "A\r");
        String second = show(10);
        assertThat(second).contains("▃█  p99 by the second, up to 10.0");
        bytes.reset();
        progress.close();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("\033[" + lines(second) + "A")
                .endsWith("\033[?25h");
    }

    private static long lines(String shown) {
        return shown.chars().filter(character -> character == '\n').count();
    }
}
