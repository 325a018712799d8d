package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Event;
import dev.guildhall.transport.netty.EventEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DispatchEncodingTest {
    private static final DispatchEncoding PLAIN = new DispatchEncoding(Map.of());

    @Test
    void bytesAreExact() {
        ByteBuf batch = written(PLAIN.encode(Event.of("PING", "{\"a\":1}")), 1);
        String json = "{\"s\":         1,\"op\":0,\"t\":\"PING\",\"d\":{\"a\":1}}";
        assertThat(batch.readUnsignedByte()).isEqualTo((short) 0x81);
        assertThat(batch.readUnsignedByte()).isEqualTo((short) json.length());
        assertThat(batch.toString(StandardCharsets.UTF_8)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({
        "1,          '         1'",
        "10,         '        10'",
        "4294967296, '4294967296'",
        "9999999999, '9999999999'",
    })
    void seqIsRightAlignedInTenPlaces(long seq, String field) {
        ByteBuf batch = written(PLAIN.encode(Event.of("T", "null")), seq);
        String text = batch.skipBytes(2).toString(StandardCharsets.UTF_8);
        assertThat(text).isEqualTo("{\"s\":" + field + ",\"op\":0,\"t\":\"T\",\"d\":null}");
        assertThat(JsonMapper.shared().readTree(text).get("s").longValue()).isEqualTo(seq);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 10_000_000_000L})
    void seqOutsideTheFieldIsMisuse(long seq) {
        DispatchFrame frame = PLAIN.encode(Event.of("T", "null"));
        assertThatThrownBy(() -> written(frame, seq))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(seq))
                .hasMessageContaining("9999999999");
    }

    @Test
    void oneFrameServesManyReceivers() {
        DispatchFrame frame = PLAIN.encode(Event.of("T", "{}"));
        ByteBuf batch = Unpooled.wrappedBuffer(written(frame, 9_999_999_999L), written(frame, 7));
        int length = frame.length();
        assertThat(batch.toString(7, 10, StandardCharsets.UTF_8)).isEqualTo("9999999999");
        assertThat(batch.toString(length + 7, 10, StandardCharsets.UTF_8)).isEqualTo("         7");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 80, 200, 65_600})
    void everyHeaderLengthKeepsSeqInPlace(int payload) {
        ByteBuf batch = written(PLAIN.encode(Event.of("T", "\"" + "x".repeat(payload) + "\"")), 42);
        int json = "{\"s\":0123456789,\"op\":0,\"t\":\"T\",\"d\":}".length() + payload + 2;
        int header = ServerFrame.headerLength(json);
        assertThat(batch.readableBytes()).isEqualTo(header + json);
        assertThat(batch.toString(header, 15, StandardCharsets.UTF_8)).isEqualTo("{\"s\":        42");
    }

    @Test
    void typeIsEscaped() {
        String type = "A\"B\\C\nD\u00e9";
        assertThat(encoded(PLAIN, Event.of(type, "1")).get("t").stringValue()).isEqualTo(type);
    }

    @Test
    void emptyPayloadBecomesNull() {
        assertThat(encoded(PLAIN, Event.of("T", "")).get("d").isNull()).isTrue();
    }

    @Test
    void encoderMakesJsonOfItsType() {
        DispatchEncoding encoding = new DispatchEncoding(Map.of(
                "RAW",
                event -> ("\"" + event.text().toUpperCase(Locale.ROOT) + "\"").getBytes(StandardCharsets.UTF_8)));
        assertThat(encoded(encoding, Event.of("RAW", "abc")).get("d").stringValue())
                .isEqualTo("ABC");
        assertThat(encoded(encoding, Event.of("OTHER", "5")).get("d").intValue())
                .isEqualTo(5);
    }

    @Test
    void encoderMayGiveItsTypeAnotherName() {
        EventEncoder encoder = new EventEncoder() {
            @Override
            public byte[] toJson(Event event) {
                return "1".getBytes(StandardCharsets.US_ASCII);
            }

            @Override
            public String name(Event event) {
                if (event.text().equals("broken")) {
                    throw new IllegalStateException("broken");
                }
                return "PUBLIC \"" + event.text() + "\"";
            }
        };
        DispatchEncoding encoding = new DispatchEncoding(Map.of("RAW", encoder));
        JsonNode sent = encoded(encoding, Event.of("RAW", "abc"));
        assertThat(sent.get("t").stringValue()).isEqualTo("PUBLIC \"abc\"");
        assertThat(sent.get("d").intValue()).isEqualTo(1);
        assertThat(encoded(encoding, Event.of("RAW", "broken")).get("t").stringValue())
                .isEqualTo("RAW");
    }

    @Test
    void failingEncoderCostsTheDataNotTheSession() {
        DispatchEncoding encoding = new DispatchEncoding(Map.of("RAW", event -> {
            throw new IllegalStateException("broken");
        }));
        JsonNode sent = encoded(encoding, Event.of("RAW", "abc"));
        assertThat(sent.get("d").isNull()).isTrue();
        assertThat(sent.get("t").stringValue()).isEqualTo("RAW");
    }

    private static ByteBuf written(DispatchFrame frame, long seq) {
        ByteBuffer bytes = ByteBuffer.allocate(frame.length());
        frame.appendTo(bytes, seq);
        return Unpooled.wrappedBuffer(bytes.flip());
    }

    private static JsonNode encoded(DispatchEncoding encoding, Event event) {
        ByteBuf batch = written(encoding.encode(event), 1);
        return JsonMapper.shared().readTree(batch.skipBytes(2).toString(StandardCharsets.UTF_8));
    }
}
