package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import dev.guildhall.transport.netty.GatewayCompression.Mode;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The library {@code ws} and Node's zlib as clients. */
@Timeout(300)
class NodeClientTest {
    private static final List<String> PAYLOADS = List.of(
            "{\"a\":1}",
            "\"" + "long and dull ".repeat(300) + "\"",
            "\"" + "x".repeat(65_536) + "\"",
            "[" + "1234567,".repeat(20_000) + "0]",
            "\"\"");

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
            String events = String.valueOf(3 * PAYLOADS.size());
            try (NodeScript client =
                    NodeScript.start("compression.cjs", gateway.url().toString(), way, events)) {
                assertThat(client.next()).isEqualTo("READY " + extension);
                gateway.nextReady();
                for (int i = 0; i < 3; i++) {
                    PAYLOADS.forEach(payload -> gateway.guild().publish(Event.of("E", payload)));
                }
                for (int i = 0; i < 3; i++) {
                    for (String payload : PAYLOADS) {
                        assertThat(payload.equals(client.next()))
                                .as("%.20s", payload)
                                .isTrue();
                    }
                }
                assertThat(client.next()).isNull();
                assertThat(client.status()).isZero();
            }
        }
    }
}
