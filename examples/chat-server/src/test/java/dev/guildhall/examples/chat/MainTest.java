package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process: what it prints, how it ends. */
@Timeout(120)
class MainTest {
    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void itSaysWhereItIsAndEndsCleanlyWhenToldTo() throws Exception {
        Process server = start("--port", "0", "--data", folder.toString());
        String said = readUntil(server, "Press ctrl-C to stop");

        assertThat(said)
                .contains("page     http://localhost:")
                .contains("gateway  ws://127.0.0.1:")
                .contains("data     " + folder.toRealPath());
        assertThat(folder).isNotEmptyDirectory();

        // Not the process's own destroy, which would also close what it says.
        server.toHandle().destroy();

        assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(rest(server)).contains("Stopping").doesNotContain("[ERROR]", "[WARN]", "Exception");
    }

    @Test
    void aFolderServesOneServerAtATime() throws Exception {
        Process first = start("--port", "0", "--data", folder.toString());
        readUntil(first, "Press ctrl-C to stop");

        Process second = start("--port", "0", "--data", folder.toString());

        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(rest(second))
                .contains("The chat server cannot start: the data folder is in use by another server")
                .doesNotContain("\tat ");
    }

    @Test
    void aWrongOptionIsExplained() throws Exception {
        Process process = start("--port", "seventy");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(rest(process)).contains("--port", "seventy", "Usage:");
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    private static String readUntil(Process process, String last) throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        String line;
        while ((line = lines.readLine()) != null) {
            said.append(line).append('\n');
            if (line.contains(last)) {
                return said.toString();
            }
        }
        throw new AssertionError("It ended and said: " + said);
    }

    private static String rest(Process process) throws IOException {
        StringBuilder said = new StringBuilder();
        process.inputReader(StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> said.append(line).append('\n'));
        return said.toString();
    }
}
