package dev.guildhall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What would measure nothing is refused before anything runs, with the value and what may stand there. */
class CommandLineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "ring --rounds=0 | '--rounds': must be at least 1, was 0",
                "suites --rounds=many | '--rounds': 'many' is not a whole number",
                "suites --suite=fast | no suite 'fast'; there are [fan-out, small-guilds,",
                "gateway --scenario=fast | no scenario 'fast'; there are [steady, bursts, max-1000, max-10000]",
                "gateway --rival=jetty,fast | no rival 'fast'; there are [jetty, vertx, netty-socketio]",
                "memory --of=fast | no kind 'fast'; there are [idle-session-inline,",
                "memory --count=7 | a count must be a multiple of",
                "stalled --seconds=9 | at least 10",
                "report --results=nowhere | nowhere",
                "check --results=nowhere | nowhere",
            })
    void whatMeasuresNothingIsRefused(String line, String message) {
        StringWriter errors = new StringWriter();
        CommandLine bench = Bench.commandLine().setErr(new PrintWriter(errors));

        assertThat(bench.execute(line.split(" ", -1))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains(message).doesNotContain("Exception");
    }
}
