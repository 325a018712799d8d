package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.Inflater;
import java.util.zip.InflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients that ask for CBOR, over real sockets. */
@Timeout(60)
@ExtendWith(NothingWrongLogged.Strict.class)
class GatewayCborTest {

    @ParameterizedTest
    @EnumSource(
            value = IoMode.class,
            names = {"AUTO", "NIO"})
    void eventsCommandsAndHeartbeats(IoMode io) throws Exception {
        try (TestGateway gateway = TestGateway.open(b -> b.io(io));
                TestClient json = gateway.join("jane");
                CborClient client = CborClient.connect(gateway)) {
            JsonNode ready = client.identify("ann").next();
            assertThat(ready.get("t").stringValue()).isEqualTo("READY");
            assertThat(ready.get("s").longValue()).isEqualTo(1);
            assertThat(ready.get("d").get("user").stringValue()).isEqualTo("ann");
            gateway.nextReady();
            String said = "{\"text\":\"h\u00e9llo \ud83d\ude00\",\"id\":9007199254740993,\"x\":[1.5,null,true,{}]}";
            client.send("{\"op\":100,\"d\":" + said + "}");
            JsonNode expected = JsonMapper.shared().readTree(said);
            JsonNode event = client.next();
            assertThat(event.propertyNames()).containsExactly("s", "op", "t", "d");
            assertThat(event.get("s").longValue()).isEqualTo(2);
            assertThat(event.get("d").toString()).isEqualTo(expected.toString());
            assertThat(json.next().get("d").toString()).isEqualTo(expected.toString());
            client.send("{\"op\":1,\"d\":2}");
            assertThat(client.next().get("op").intValue()).isEqualTo(11);
        }
    }

    @Test
    void aResumeReplaysInCborWhatAJsonConnectionMissed() throws Exception {
        try (TestGateway gateway = TestGateway.open(b -> b.sessionOptions(SessionOptions.DEFAULT))) {
            String session;
            try (TestClient client = TestClient.connect(gateway.url())) {
                client.next();
                session = client.identify("user:ann")
                        .next()
                        .get("d")
                        .get("session_id")
                        .stringValue();
                gateway.nextReady();
            }
            gateway.guild().publish(Event.of("E", "{\"n\":1}"));
            try (CborClient client = CborClient.connect(gateway)) {
                client.next();
                client.send("{\"op\":6,\"d\":{\"token\":\"user:ann\",\"session_id\":\"" + session + "\",\"seq\":1}}");
                assertThat(client.next().get("d").get("n").intValue()).isEqualTo(1);
                assertThat(client.next().get("t").stringValue()).isEqualTo("RESUMED");
            }
        }
    }

    @Test
    void theWholeOfItInAZlibStream() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                CborClient client = CborClient.connect(gateway, "?encoding=cbor&compress=zlib-stream")) {
            Inflater stream = new Inflater();
            assertThat(inflated(stream, client.nextBytes()).get("op").intValue())
                    .isEqualTo(10);
            client.send("{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}");
            assertThat(inflated(stream, client.nextBytes()).get("t").stringValue())
                    .isEqualTo("READY");
            gateway.nextReady();
            String text = "\"" + "word ".repeat(1000) + "\"";
            gateway.guild().publish(Event.of("E", text));
            byte[] compressed = client.nextBytes();
            assertThat(compressed).hasSizeLessThan(text.length() / 4);
            JsonNode event = inflated(stream, compressed);
            assertThat(event.get("s").longValue()).isEqualTo(2);
            assertThat(event.get("d").toString()).isEqualTo(text);
        }
    }

    @Test
    void theWholeOfItWithPerMessageDeflate() throws Exception {
        GatewayCompression shared = GatewayCompression.DEFAULT.withPerMessageDeflate(GatewayCompression.Mode.SHARED);
        try (TestGateway gateway = TestGateway.open(b -> b.compression(shared));
                RawClient client = new RawClient(gateway.port())) {
            String offer = "permessage-deflate; server_no_context_takeover";
            assertThat(client.http(CompressedClient.request("?encoding=cbor", offer)))
                    .startsWith("HTTP/1.1 101 ");
            assertThat(client.read().firstByte()).isEqualTo(ClientFrame.FINAL | ClientFrame.BINARY); // too short
            byte[] identify = CborClient.cbor("{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}");
            client.write(ClientFrame.of(
                    ClientFrame.FINAL | MessageDecoder.RSV1 | ClientFrame.BINARY, MessageDecoder.deflated(identify)));
            RawClient.Frame ready = client.read();
            assertThat(ready.opcode()).as(ready.text()).isEqualTo(ClientFrame.BINARY);
            gateway.nextReady();
            gateway.guild().publish(Event.of("E", "\"" + "word ".repeat(1000) + "\""));
            RawClient.Frame frame = client.read();
            assertThat(frame.firstByte()).isEqualTo(ClientFrame.FINAL | MessageDecoder.RSV1 | ClientFrame.BINARY);
            byte[] whole = Arrays.copyOf(frame.payload(), frame.payload().length + 4);
            whole[whole.length - 1] = (byte) 0xFF;
            whole[whole.length - 2] = (byte) 0xFF;
            JsonNode event = inflated(new Inflater(true), whole);
            assertThat(event.get("s").longValue()).isEqualTo(2);
            assertThat(event.get("d").stringValue()).hasSize(5000);
        }
    }

    private static JsonNode inflated(Inflater inflater, byte[] compressed) throws Exception {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        InflaterOutputStream stream = new InflaterOutputStream(message, inflater);
        stream.write(compressed);
        stream.flush();
        return CborClient.CBOR.readTree(message.toByteArray());
    }

    @Test
    void textIsNoMessageThere() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                CborClient client = CborClient.connect(gateway)) {
            client.sendText("{\"op\":1,\"d\":null}");
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'an empty message', ''",
        "'no map', 01",
        "'a map that ends early', a2626f7001",
        "'bytes after the message', a1626f700100",
        "'a map without an end', bf626f7001",
        "'an end without a beginning', ff",
        "'a text of 2^31 bytes', a2626f70016164 7a7fffffff61",
        "'a text of 2^63 bytes', a2626f70016164 7b7fffffffffffffff61",
        "'bytes of 2^32 bytes', a2626f70016164 5b00000000ffffffff61",
        "'an array of 2^31 elements', a2626f70016164 9a7fffffff01",
        "'an array of 2^64 elements', a2626f70016164 9bffffffffffffffff01",
        "'a map of 2^32 members', ba7fffffff626f7001",
        "'a key twice', a2626f7001626f7001",
        "'a key twice deep inside', a2626f70016164a2617801617802",
        "'bytes, which JSON has not', a2626f700161644101",
        "'NaN, which JSON has not', a2626f70016164f97e00",
        "'infinity, which JSON has not', a2626f70016164f97c00",
        "'10^(2^31 - 1)', a2626f70016164c4821a7fffffff01",
        "'text that is not UTF-8', a2626f7001616462c328",
        "'a reserved length', a2626f700161641c",
        "'an op that is text', a1626f706131",
    })
    void brokenMessagesCloseTheirClientOnly(String what, String hex) throws Exception {
        try (TestGateway gateway = TestGateway.open();
                CborClient witness = CborClient.connect(gateway);
                CborClient client = CborClient.connect(gateway)) {
            witness.identify("wendy").next();
            client.send(HexFormat.of().parseHex(hex.replace(" ", "")));
            assertThat(client.closeCode()).as(what).isEqualTo(4002);
            witness.send("{\"op\":1,\"d\":null}");
            assertThat(witness.next().get("op").intValue()).isEqualTo(11);
        }
    }

    /** Lengths that are not told are no mistake: many clients write maps so. */
    @Test
    void indefiniteLengthsAreRead() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                CborClient client = CborClient.connect(gateway)) {
            client.next();
            client.send(HexFormat.of().parseHex("bf626f7001616 49f01ffff".replace(" ", "")));
            assertThat(client.next().get("op").intValue()).isEqualTo(11);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"81", "9f", "a16161"})
    void depthIsBounded(String opening) throws Exception {
        try (TestGateway gateway = TestGateway.open();
                CborClient client = CborClient.connect(gateway)) {
            client.send(HexFormat.of().parseHex("a2626f70016164" + opening.repeat(3000 / opening.length()) + "01"));
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @Test
    void messagesAreBounded() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                CborClient client = CborClient.connect(gateway)) {
            client.send("{\"op\":1,\"d\":\"" + "x".repeat(5000) + "\"}");
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoding=etf", "encoding=", "encoding=CBOR", "encoding=cbor&encoding=json"})
    void otherEncodingsAreRefusedByName(String query) throws Exception {
        try (TestGateway gateway = TestGateway.open();
                RawClient client = new RawClient(gateway.port())) {
            client.http(CompressedClient.request("?" + query, null));
            RawClient.Frame close = client.readToClose();
            assertThat(close.closeCode()).isEqualTo(4002);
            assertThat(new String(close.payload(), 2, close.payload().length - 2, StandardCharsets.UTF_8))
                    .isEqualTo("this gateway speaks encoding json or cbor");
        }
    }
}
