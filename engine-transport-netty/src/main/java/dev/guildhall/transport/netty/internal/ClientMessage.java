package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/**
 * What a client sent.
 *
 * @param op what it wants
 * @param data the message's {@code d}, a JSON null if there is none
 */
record ClientMessage(int op, JsonNode data) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a message.
     *
     * @param text in UTF-8
     * @throws GatewayException if it is none, with the code to close with
     */
    static ClientMessage read(ByteBuf text) {
        JsonNode root = parse(text);
        if (!root.isObject()) {
            throw decodeError("a message is a JSON object");
        }
        JsonNode op = root.get("op");
        if (op == null || !op.isIntegralNumber()) {
            throw decodeError("op must be an integer");
        }
        if (!op.canConvertToInt()) {
            throw new GatewayException(GatewayCloseCode.UNKNOWN_OPCODE, "unknown opcode");
        }
        JsonNode data = root.get("d");
        return new ClientMessage(op.intValue(), data == null ? NullNode.getInstance() : data);
    }

    static GatewayException decodeError(String reason) {
        return new GatewayException(GatewayCloseCode.DECODE_ERROR, reason);
    }

    private static JsonNode parse(ByteBuf text) {
        try {
            return JSON.readTree(text.toString(StandardCharsets.UTF_8)); // of bytes it would guess the encoding
        } catch (JacksonException e) {
            // The parser's own words may quote what was sent, a token for instance.
            throw decodeError("a message is a JSON object; this is not valid JSON");
        }
    }
}
