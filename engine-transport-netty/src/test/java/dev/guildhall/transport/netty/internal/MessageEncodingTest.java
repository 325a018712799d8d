package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

class MessageEncodingTest {
    private static final DispatchEncoding CBOR = new DispatchEncoding(Map.of(), MessageEncoding.CBOR);

    @Test
    void bytesOfADispatchAreExact() {
        byte[] frame = written(CBOR.encode(Event.of("PING", "{\"a\":1}")), 258);
        assertThat(HexFormat.of().formatHex(frame))
                .isEqualTo("82" + "1e" + "a4" + "6173" + "1b0000000000000102" + "626f70" + "00" + "6174" + "6450494e47"
                        + "6164" + "bf616101ff");
    }

    @Test
    void oneFrameServesManyReceivers() {
        DispatchFrame frame = CBOR.encode(Event.of("T", "{}"));
        for (long seq : new long[] {1, 255, 4_294_967_296L, DispatchFrame.MAX_SEQ, 7}) {
            assertThat(message(written(frame, seq)).get("s").longValue()).isEqualTo(seq);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"\u00e9\ud83d\ude00\"",
                "9223372036854775807",
                "-9223372036854775808",
                "300000000000000001",
                "18446744073709551616",
                "-18446744073709551617",
                "0.1",
                "-1.5E300",
                "[[],{},[{}],true,false]",
                " {\n\"a\" : [ 1 ] }\n"
            })
    void valuesAreWhatTheyAreInJson(String json) {
        JsonNode data = message(written(CBOR.encode(Event.of("T", json)), 1)).get("d");
        assertThat(data.toString()).isEqualTo(JsonMapper.shared().readTree(json).toString());
    }

    @Test
    void bigNegativeNumbersAreAsInTheStandard() {
        assertThat(HexFormat.of().formatHex(Cbor.ofJson(json("-18446744073709551617"))))
                .isEqualTo("c349010000000000000000"); // RFC 8949, appendix A
        assertThat(Cbor.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex("c349010000000000000000")))
                        .bigIntegerValue())
                .isEqualTo(new BigInteger("-18446744073709551617"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}{}", "{\"a\":}", " ", "nul", "\u0000"})
    void whatIsNotJsonCostsTheDataNotTheSession(String payload) {
        JsonNode sent = message(written(CBOR.encode(Event.of("T", payload)), 1));
        assertThat(sent.get("d").isNull()).isTrue();
        assertThat(sent.get("t").stringValue()).isEqualTo("T");
    }

    @Test
    void halfASurrogatePairCostsThatOnly() {
        JsonNode sent = message(written(CBOR.encode(Event.of("T", "\"a\\ud83db\"")), 1));
        assertThat(sent.get("d").stringValue()).startsWith("a").endsWith("b");
    }

    @Test
    void clientsMessagesKeepAll64Bits() {
        byte[] bytes = Cbor.ofJson(json("{\"op\":4,\"d\":{\"x\":300000000000000001}}"));
        ClientMessage message = ClientMessage.read(Unpooled.wrappedBuffer(bytes), MessageEncoding.CBOR);
        assertThat(message.op()).isEqualTo(4);
        assertThat(message.data().get("x").longValue()).isEqualTo(300_000_000_000_000_001L);
    }

    /** Whatever comes, it is a message or a decode error, and the memory of what it says to hold is not taken. */
    @Test
    void anyBytesAreAMessageOrADecodeError() {
        long seed = Long.getLong("guildhall.seed", System.nanoTime());
        System.out.println("-Dguildhall.seed=" + seed);
        Random random = new Random(seed);
        byte[] good =
                Cbor.ofJson(json("{\"op\":2,\"d\":{\"token\":\"x\",\"intents\":513,\"a\":[1,2.5,null,{\"b\":-1}]}}"));
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes;
            if (random.nextBoolean()) {
                bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
            } else {
                bytes = good.clone();
                for (int j = random.nextInt(4); j >= 0; j--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            try {
                assertThat(ClientMessage.read(Unpooled.wrappedBuffer(bytes), MessageEncoding.CBOR)
                                .data()
                                .toString())
                        .isNotNull();
            } catch (GatewayException e) {
                assertThat(e.code()).isIn(GatewayCloseCode.DECODE_ERROR, GatewayCloseCode.UNKNOWN_OPCODE);
            } catch (RuntimeException e) {
                throw new AssertionError(HexFormat.of().formatHex(bytes), e);
            }
        }
    }

    private static ByteBuffer json(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] written(DispatchFrame frame, long seq) {
        ByteBuffer bytes = ByteBuffer.allocate(frame.length());
        frame.appendTo(bytes, seq);
        return bytes.array();
    }

    private static JsonNode message(byte[] frame) {
        return new CBORMapper().readTree(frame, 2, frame.length - 2);
    }
}
