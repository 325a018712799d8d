package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.guildhall.Event;
import dev.guildhall.transport.netty.GatewayCompression.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The library {@code ws} and Node's zlib as clients, if Node is there and NODE_PATH has ws. */
@Timeout(60)
class NodeClientTest {
    private static final List<String> PAYLOADS = List.of(
            "{\"a\":1}",
            "\"" + "long and dull ".repeat(300) + "\"",
            "\"" + "x".repeat(65_536) + "\"",
            "[" + "1234567,".repeat(20_000) + "0]",
            "\"\"");

    @BeforeAll
    static void needsNode() throws InterruptedException {
        try {
            Process node = new ProcessBuilder("node", "-e", "require('ws')").start();
            assumeTrue(node.waitFor() == 0, "NODE_PATH has no ws");
        } catch (IOException e) {
            assumeTrue(false, "there is no Node");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "zlib-stream, SHARED, 15, ''",
        "zlib-stream, PER_CONNECTION, 15, ''",
        "zlib-stream, PER_CONNECTION, 12, ''",
        "permessage-deflate, SHARED, 15, permessage-deflate",
        "permessage-deflate, PER_CONNECTION, 15, permessage-deflate",
        "permessage-deflate, PER_CONNECTION, 12, permessage-deflate",
    })
    void decodesWhatItGets(String way, Mode mode, int windowBits, String extension) throws Exception {
        GatewayCompression options = GatewayCompression.DEFAULT
                .withPerMessageDeflate(mode)
                .withStreams(mode, false)
                .withContexts(windowBits, 10);
        try (TestGateway gateway = TestGateway.open(b -> b.compression(options))) {
            Process node = new ProcessBuilder(
                            "node", script(), gateway.url().toString(), way, String.valueOf(3 * PAYLOADS.size()))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = node.inputReader(StandardCharsets.UTF_8)) {
                assertThat(lines.readLine()).isEqualTo("READY " + extension);
                gateway.nextReady();
                for (int i = 0; i < 3; i++) {
                    PAYLOADS.forEach(payload -> gateway.guild().publish(Event.of("E", payload)));
                }
                for (int i = 0; i < 3; i++) {
                    for (String payload : PAYLOADS) {
                        assertThat(payload.equals(lines.readLine()))
                                .as("%.20s", payload)
                                .isTrue();
                    }
                }
                assertThat(lines.readLine()).isNull();
                assertThat(node.waitFor(10, TimeUnit.SECONDS)).isTrue();
                assertThat(node.exitValue()).isZero();
            } finally {
                node.destroyForcibly();
            }
        }
    }

    private static String script() throws URISyntaxException {
        return Path.of(NodeClientTest.class.getResource("/compression.cjs").toURI())
                .toString();
    }
}
