package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.GatewayCompression.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Compression over real sockets, by clients that take every frame apart. */
@Timeout(60)
class GatewayCompressionTest {
    private static final String OFFER = "permessage-deflate; client_max_window_bits";

    /** A way to ask for compression, and the gateway's to serve it. */
    record Asked(
            Mode mode,
            int windowBits,
            String query,
            @Nullable String offer,
            IoMode io) {
        GatewayCompression options() {
            return GatewayCompression.DEFAULT
                    .withPerMessageDeflate(mode)
                    .withStreams(mode, true)
                    .withContexts(windowBits, 100);
        }

        CompressedClient connect(TestGateway gateway) throws IOException {
            return CompressedClient.connect(gateway.port(), query, offer);
        }
    }

    static Stream<Asked> ways() {
        return Stream.of(IoMode.AUTO, IoMode.NIO)
                .flatMap(io -> Stream.of(
                        new Asked(Mode.SHARED, 15, "?v=10&compress=zlib-stream", null, io),
                        new Asked(Mode.PER_CONNECTION, 15, "/?compress=zlib-stream&v=10", null, io),
                        new Asked(Mode.PER_CONNECTION, 11, "?compress=zlib-stream&compress=zlib-stream", null, io),
                        new Asked(Mode.SHARED, 15, "?v=10&compress=zstd-stream", null, io),
                        new Asked(Mode.SHARED, 15, "?v=10", OFFER, io),
                        new Asked(Mode.PER_CONNECTION, 15, "", OFFER, io),
                        new Asked(Mode.PER_CONNECTION, 12, "?encoding=json", OFFER, io)));
    }

    private static TestGateway gateway(Asked asked) {
        return TestGateway.open(
                b -> b.compression(asked.options()).io(asked.io()).sessionOptions(SessionOptions.DEFAULT));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void messagesOfAllSizesAndAcknowledgementsBetweenThemArrive(Asked asked) throws Exception {
        try (TestGateway gateway = gateway(asked);
                CompressedClient first = asked.connect(gateway);
                CompressedClient second = asked.connect(gateway)) {
            assertThat(first.identify("ann").next().get("t").stringValue()).isEqualTo("READY");
            gateway.nextReady();
            assertThat(second.identify("bob").next().get("t").stringValue()).isEqualTo("READY");
            gateway.nextReady();
            int[] sizes = {0, 10, 100, 200, 256, 300, 512, 4096, 65_536, 200_000, 20};
            for (int size : sizes) {
                gateway.guild().publish(Event.of("E", payload(size)));
            }
            for (CompressedClient client : new CompressedClient[] {first, second}) {
                int at = 0;
                int acks = 0;
                client.send("{\"op\":1,\"d\":null}");
                while (at < sizes.length || acks < 3) {
                    JsonNode message = client.next();
                    if (message.get("op").intValue() == 11) {
                        if (++acks < 3) {
                            client.send("{\"op\":1,\"d\":null}");
                        }
                    } else {
                        assertThat(message.get("s").longValue()).isEqualTo(at + 2);
                        assertThat(
                                        message.get("d").isNull()
                                                ? ""
                                                : message.get("d").toString())
                                .isEqualTo(payload(sizes[at]));
                        at++;
                    }
                }
                assertThat(client.ratio()).isLessThan(0.5);
            }
        }
    }

    private static String payload(int size) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < size - 2; i++) {
            text.append("word").append(i * 37 % 1009).append(' ');
        }
        return size == 0 ? "" : '"' + text.substring(0, Math.max(0, size - 2)) + '"';
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aResumeReplaysOverANewCompressedConnection(Asked asked) throws Exception {
        try (TestGateway gateway = gateway(asked)) {
            String session;
            try (CompressedClient client = asked.connect(gateway)) {
                session =
                        client.identify("ann").next().get("d").get("session_id").stringValue();
                gateway.nextReady();
                gateway.guild().publish(Event.of("E", payload(600)));
                assertThat(client.next().get("s").longValue()).isEqualTo(2);
            }
            gateway.guild().publish(Event.of("E", payload(601)));
            gateway.guild().publish(Event.of("E", payload(20)));
            try (CompressedClient client = asked.connect(gateway)) {
                assertThat(client.next().get("op").intValue()).isEqualTo(10);
                client.send("{\"op\":6,\"d\":{\"token\":\"user:ann\",\"session_id\":\"" + session + "\",\"seq\":1}}");
                assertThat(client.next().get("d").toString()).isEqualTo(payload(600));
                assertThat(client.next().get("d").toString()).isEqualTo(payload(601));
                assertThat(client.next().get("d").toString()).isEqualTo(payload(20));
                JsonNode resumed = client.next();
                assertThat(resumed.get("t").stringValue()).isEqualTo("RESUMED");
                assertThat(resumed.get("s").longValue()).isEqualTo(5);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "compress=gzip,                                  'zlib-stream or zstd-stream, once or absent, was gzip'",
        "compress=,                                      'zlib-stream or zstd-stream, once or absent, was empty'",
        "compress=zlib-stream&compress=zstd-stream,      'zlib-stream or zstd-stream, once or absent, was zstd-stream'",
        "compress=%22%7D%0D%0Ax,                         'zlib-stream or zstd-stream, once or absent, was ????x'",
    })
    void otherCompressionIsRefusedByName(String query, String complaint) throws IOException {
        try (TestGateway gateway = TestGateway.open();
                RawClient client = new RawClient(gateway.port())) {
            assertThat(client.http(CompressedClient.request("?" + query, null))).startsWith("HTTP/1.1 400 ");
            assertThat(client.readToCut())
                    .isEqualTo("{\"message\":\"400: compress must be " + complaint + "\",\"code\":0}");
        }
    }

    @Test
    void whatIsNotServedIsRefused() throws IOException {
        GatewayCompression off = GatewayCompression.DEFAULT.withStreams(Mode.OFF, false);
        try (TestGateway gateway = TestGateway.open(b -> b.compression(off))) {
            for (String asked : new String[] {"zlib-stream", "zstd-stream"}) {
                try (RawClient client = new RawClient(gateway.port())) {
                    assertThat(client.http(CompressedClient.request("?compress=" + asked, null)))
                            .startsWith("HTTP/1.1 400 ");
                    assertThat(client.readToCut()).contains("compress must be absent, was " + asked);
                }
            }
        }
    }

    @Test
    void nothingIsCompressedUnlessAskedFor() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                CompressedClient client = CompressedClient.connect(gateway.port(), "?v=10", OFFER)) {
            assertThat(client.extension()).isNull();
            client.identify("ann").next();
            gateway.nextReady();
            gateway.guild().publish(Event.of("E", payload(4096)));
            client.next();
            assertThat(client.ratio()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SHARED, permessage-deflate, permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "SHARED, permessage-deflate; client_max_window_bits=9; client_no_context_takeover,"
                + " permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "SHARED, permessage-deflate; server_max_window_bits=15,"
                + " permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                + " server_max_window_bits=15",
        "PER_CONNECTION, permessage-deflate, permessage-deflate; client_no_context_takeover",
        "PER_CONNECTION, permessage-deflate; server_no_context_takeover,"
                + " permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "SHARED, permessage-deflate; server_max_window_bits=8,",
        "SHARED, permessage-deflate; client_max_window_bits; client_max_window_bits,",
        "SHARED, permessage-deflate; mystery,",
        "SHARED, x-webkit-deflate-frame,",
        "OFF, permessage-deflate,",
    })
    void theExtensionIsNegotiated(Mode mode, String offer, @Nullable String answer) throws Exception {
        GatewayCompression options = GatewayCompression.DEFAULT.withPerMessageDeflate(mode);
        try (TestGateway gateway = TestGateway.open(b -> b.compression(options));
                CompressedClient client = CompressedClient.connect(gateway.port(), "?v=10", offer)) {
            assertThat(client.extension()).isEqualTo(answer);
            assertThat(client.identify("ann").next().get("t").stringValue()).isEqualTo("READY");
            gateway.nextReady();
            gateway.guild().publish(Event.of("E", payload(4096)));
            assertThat(client.next().get("d").toString()).isEqualTo(payload(4096));
        }
    }

    @Test
    void theQueryGoesBeforeTheExtension() throws Exception {
        GatewayCompression options = GatewayCompression.DEFAULT.withPerMessageDeflate(Mode.SHARED);
        try (TestGateway gateway = TestGateway.open(b -> b.compression(options));
                CompressedClient client = CompressedClient.connect(gateway.port(), "?compress=zlib-stream", OFFER)) {
            assertThat(client.extension()).isNull();
            assertThat(client.identify("ann").next().get("t").stringValue()).isEqualTo("READY");
            assertThat(client.sendDeflated("{\"op\":1,\"d\":null}").closeCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PER_CONNECTION"})
    void clientsMaySendCompressedOrNot(Mode mode) throws Exception {
        try (TestGateway gateway = deflating(mode);
                CompressedClient client = CompressedClient.connect(gateway.port(), "", OFFER)) {
            assertThat(client.next().get("op").intValue()).isEqualTo(10);
            client.sendDeflated(CompressedClient.identifyText("ann"));
            assertThat(client.next().get("t").stringValue()).isEqualTo("READY");
            gateway.nextReady();
            client.sendDeflated("{\"op\":1,\"d\":1}");
            assertThat(client.next().get("op").intValue()).isEqualTo(11);
            client.send("{\"op\":1,\"d\":1}");
            assertThat(client.next().get("op").intValue()).isEqualTo(11);
            client.sendDeflated("{\"op\":100,\"d\":\"" + "y".repeat(3000) + "\"}");
            assertThat(client.next().get("d").stringValue()).isEqualTo("y".repeat(3000));
        }
    }

    private static TestGateway deflating(Mode mode) {
        return TestGateway.open(b -> b.compression(GatewayCompression.DEFAULT.withPerMessageDeflate(mode)));
    }

    private static CompressedClient joined(TestGateway gateway) throws Exception {
        CompressedClient client = CompressedClient.connect(gateway.port(), "", OFFER);
        client.identify("ann").next();
        gateway.nextReady();
        return client;
    }

    @Test
    void aCompressedMessageMayComeInFragments() throws Exception {
        try (TestGateway gateway = deflating(Mode.SHARED);
                CompressedClient client = joined(gateway)) {
            byte[] all = MessageDecoder.deflated("{\"op\":100,\"d\":\"abc\"}".getBytes(StandardCharsets.UTF_8));
            byte[] head = Arrays.copyOf(all, 5);
            byte[] rest = Arrays.copyOfRange(all, 5, all.length);
            client.write(ClientFrame.of(MessageDecoder.RSV1 | ClientFrame.TEXT, head))
                    .write(ClientFrame.of(ClientFrame.FINAL | ClientFrame.PING, new byte[] {7}))
                    .write(ClientFrame.of(ClientFrame.FINAL | ClientFrame.CONTINUATION, rest));
            assertThat(client.socket().read().opcode()).isEqualTo(ClientFrame.PONG);
            assertThat(client.next().get("d").stringValue()).isEqualTo("abc");
        }
    }

    /** RFC 7692, section 7.2.3.4: a last block, and then the empty one. */
    @Test
    void aMessageMayEndItsStream() throws Exception {
        try (TestGateway gateway = deflating(Mode.SHARED);
                CompressedClient client = joined(gateway)) {
            byte[] text = "{\"op\":100,\"d\":\"abc\"}".getBytes(StandardCharsets.UTF_8);
            Deflater deflater = new Deflater(6, true);
            deflater.setInput(text);
            deflater.finish();
            byte[] out = new byte[100];
            int length = deflater.deflate(out);
            deflater.end();
            client.sendDeflated(Arrays.copyOf(out, length + 1)); // and a zero byte
            assertThat(client.next().get("d").stringValue()).isEqualTo("abc");
            byte[] second = MessageDecoder.deflated(" ".getBytes(StandardCharsets.UTF_8));
            client.sendDeflated(ClientFrame.concat(Arrays.copyOf(out, length), second));
            assertThat(client.next().get("d").stringValue()).isEqualTo("abc");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"noise", "cut", "empty", "stored"})
    void whatCannotBeInflatedCloses(String fault) throws Exception {
        byte[] good =
                MessageDecoder.deflated("{\"op\":1,\"d\":\"hello hello hello\"}".getBytes(StandardCharsets.UTF_8));
        byte[] bad = switch (fault) {
            case "noise" -> new byte[] {(byte) 0xFF, (byte) 0xFF, 1, 2, 3};
            case "cut" -> Arrays.copyOf(good, good.length - 3);
            case "empty" -> new byte[0];
            default -> new byte[] {0, 20, 0, (byte) ~20, (byte) 0xFF, '{', '}'};
        };
        try (TestGateway gateway = deflating(Mode.SHARED);
                CompressedClient client = joined(gateway)) {
            assertThat(client.sendDeflated(bad).closeCode()).isEqualTo(1007);
            assertThat(gateway.nextEnded().user()).isEqualTo("ann");
            joined(gateway).close(); // the event loop's inflater is as good as before
        }
    }

    @Test
    void compressedTextIsUtf8Too() throws Exception {
        try (TestGateway gateway = deflating(Mode.SHARED);
                CompressedClient client = joined(gateway)) {
            client.sendDeflated(MessageDecoder.deflated(new byte[] {'"', (byte) 0xC3, '"'}));
            assertThat(client.closeCode()).isEqualTo(1007);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 0", "1, 4002", "4000000, 4002"})
    void theBoundOfAMessageIsThatOfItsText(int beyond, int code) throws Exception {
        String head = "{\"op\":100,\"d\":\"";
        String message =
                head + "z".repeat(NettyTransport.DEFAULT_MAX_INBOUND_BYTES - head.length() - 2 + beyond) + "\"}";
        try (TestGateway gateway = deflating(Mode.SHARED);
                CompressedClient client = joined(gateway)) {
            client.sendDeflated(message);
            if (code == 0) {
                assertThat(client.next().get("t").stringValue()).isEqualTo("MESSAGE_CREATE");
            } else {
                assertThat(client.closeCode()).isEqualTo(code);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0xA1, 1002", // RSV2
        "0x91, 1002", // RSV3
        "0xF1, 1002", // all
        "0xC9, 1002", // a ping cannot be compressed
        "0xC0, 1002", // nor can a continuation
        "0xC2, 4002", // a binary message, compressed or not
    })
    void reservedBitsHaveOneMeaningOnly(String firstByte, int code) throws Exception {
        try (TestGateway gateway = deflating(Mode.SHARED);
                CompressedClient client = joined(gateway)) {
            client.write(ClientFrame.of(Integer.decode(firstByte), MessageDecoder.deflated(new byte[] {'1'})));
            assertThat(client.closeCode()).isEqualTo(code);
        }
    }

    @Test
    void valuesOutOfTheirBoundsAreRefused() {
        GatewayCompression options = GatewayCompression.DEFAULT;
        assertThatThrownBy(() -> options.withLevel(0))
                .hasMessageContaining("level")
                .hasMessageContaining("was 0");
        assertThatThrownBy(() -> options.withLevel(10)).hasMessageContaining("1 and 9");
        assertThatThrownBy(() -> options.withContexts(16, 1)).hasMessageContaining("windowBits");
        assertThatThrownBy(() -> options.withContexts(9, 1)).hasMessageContaining("10 and 15");
        assertThatThrownBy(() -> options.withContexts(15, -1)).hasMessageContaining("maxContexts");
        assertThatThrownBy(() -> options.withThreshold(-1)).hasMessageContaining("thresholdBytes");
    }
}
