package dev.guildhall.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example does what it says, in a JVM of its own that is given no flag; and the README shows this very file. */
@Timeout(60)
class QuickstartTest {
    private static final Path SOURCE = Path.of("src/main/java/dev/guildhall/examples/quickstart/Quickstart.java");
    private static final Path README = Path.of("../../README.md");
    private static final Path EXAMPLE_TEST = Path.of("src/test/java/dev/guildhall/examples/quickstart/LobbyTest.java");

    @Test
    void bothReceiveOnTheClassPathWithoutAnyWarning() throws Exception {
        assertThat(run("-cp", path("target/classes"), Quickstart.class.getName()))
                .containsExactlyInAnyOrder("ann received: hello, everybody", "ben received: hello, everybody");
    }

    @Test
    void bothReceiveOnTheModulePathToo() throws Exception {
        assertThat(run(
                        "-p",
                        path("target/classes"),
                        "-m",
                        "dev.guildhall.examples.quickstart/" + Quickstart.class.getName()))
                .containsExactlyInAnyOrder("ann received: hello, everybody", "ben received: hello, everybody");
    }

    @Test
    void nothingUsesUnsafe() throws Exception {
        assertThat(run(
                        "--sun-misc-unsafe-memory-access=deny",
                        "-cp",
                        path("target/classes"),
                        Quickstart.class.getName()))
                .hasSize(2);
    }

    @Test
    void theReadmeShowsTheWholeFileAndItIsShort() throws Exception {
        String source = Files.readString(SOURCE);
        assertThat(source.lines().count()).isLessThanOrEqualTo(40);
        assertThat(Files.readString(README)).contains("```java\n" + source + "```");
    }

    @Test
    void thePageOnTestingShowsATestThatIsRun() throws Exception {
        assertThat(Files.readString(Path.of("../../docs/testkit.md")))
                .contains("```java\n" + Files.readString(EXAMPLE_TEST) + "```");
    }

    /** Standard output and standard error of a JVM, without SLF4J's note that it has no back-end. */
    private static List<String> run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.lines().filter(line -> !line.startsWith("SLF4J")).toList();
    }

    /** The example and the libraries it needs, without those of the tests. */
    private static String path(String classes) {
        String libraries = Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes")
                        && !entry.endsWith(Path.of(classes).toString()))
                .filter(entry -> entry.matches(".*(engine-core|agrona|jctools|slf4j-api|jspecify).*"))
                .collect(Collectors.joining(java.io.File.pathSeparator));
        return classes + java.io.File.pathSeparator + libraries;
    }
}
