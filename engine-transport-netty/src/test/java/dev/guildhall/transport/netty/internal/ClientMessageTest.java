package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ClientMessageTest {

    @Test
    void readsOpcodeAndData() {
        ClientMessage message = read("{\"d\":{\"x\":300000000000000001},\"op\":4,\"s\":null,\"t\":null}");
        assertThat(message.op()).isEqualTo(4);
        assertThat(message.data().get("x").longValue()).isEqualTo(300_000_000_000_000_001L);
    }

    @Test
    void absentDataIsNull() {
        assertThat(read("{\"op\":1}").data().isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "1",
                "[]",
                "\"x\"",
                "{",
                "{\"op\":1}x",
                "{op:1}",
                "{}",
                "{\"op\":\"1\"}",
                "{\"op\":1.5}",
                "{\"op\":null}",
                "\u0000\u0001"
            })
    void anythingElseIsADecodeError(String text) {
        assertThat(codeOf(text)).isEqualTo(GatewayCloseCode.DECODE_ERROR);
    }

    @Test
    void deepNestingIsADecodeError() {
        assertThat(codeOf("{\"op\":1,\"d\":" + "[".repeat(2000) + "]".repeat(2000) + "}"))
                .isEqualTo(GatewayCloseCode.DECODE_ERROR);
    }

    @Test
    void anOpcodeThatIsNoIntIsUnknown() {
        assertThat(codeOf("{\"op\":99999999999}")).isEqualTo(GatewayCloseCode.UNKNOWN_OPCODE);
    }

    @Test
    void errorsDoNotQuoteTheMessage() {
        GatewayException e =
                catchThrowableOfType(GatewayException.class, () -> read("{\"op\":2,\"d\":{\"token\":\"s3cret\"},}"));
        assertThat(e.reason()).doesNotContain("s3cret");
    }

    @Test
    void identifyStripsThePrefix() {
        assertThat(identify("{\"token\":\"Bot abc\",\"intents\":513}")
                        .identify()
                        .token())
                .isEqualTo("abc");
        assertThat(identify("{\"token\":\"abc\",\"intents\":513}").identify().intents())
                .isEqualTo(513);
    }

    @Test
    void identifyNeverShowsItsToken() {
        assertThat(identify("{\"token\":\"s3cret\",\"intents\":1}").identify().toString())
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | DECODE_ERROR",
                "null | DECODE_ERROR",
                "{\"intents\":0} | DECODE_ERROR",
                "{\"token\":5,\"intents\":0} | DECODE_ERROR",
                "{\"token\":\"x\"} | INVALID_INTENTS",
                "{\"token\":\"x\",\"intents\":\"1\"} | INVALID_INTENTS",
                "{\"token\":\"x\",\"intents\":-1} | INVALID_INTENTS",
                "{\"token\":\"x\",\"intents\":1e99} | INVALID_INTENTS",
                "{\"token\":\"x\",\"intents\":1,\"shard\":[3,2]} | INVALID_SHARD",
                "{\"token\":\"x\",\"intents\":1,\"shard\":[0,0]} | INVALID_SHARD",
                "{\"token\":\"x\",\"intents\":1,\"shard\":[-1,2]} | INVALID_SHARD",
                "{\"token\":\"x\",\"intents\":1,\"shard\":[0]} | INVALID_SHARD",
                "{\"token\":\"x\",\"intents\":1,\"shard\":5} | INVALID_SHARD"
            })
    void identifyOfTheWrongShapeNamesItsCode(String data, GatewayCloseCode code) {
        assertThat(catchThrowableOfType(GatewayException.class, () -> identify(data))
                        .code())
                .isEqualTo(code);
    }

    private static ClientMessage read(String text) {
        return ClientMessage.read(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private static GatewayCloseCode codeOf(String text) {
        return catchThrowableOfType(GatewayException.class, () -> read(text)).code();
    }

    private static IdentifyRequest identify(String data) {
        return IdentifyRequest.read(JsonMapper.shared().readTree(data), null);
    }
}
