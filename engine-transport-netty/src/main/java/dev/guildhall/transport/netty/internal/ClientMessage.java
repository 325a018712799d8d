package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import io.netty.buffer.ByteBuf;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * What a client sent.
 *
 * @param op what it wants
 * @param data the message's {@code d}, a JSON null if there is none
 */
record ClientMessage(int op, JsonNode data) {
    /**
     * Reads a message.
     *
     * @param text JSON in UTF-8
     * @throws GatewayException if it is none, with the code to close with
     */
    static ClientMessage read(ByteBuf text) {
        return read(text, MessageEncoding.JSON);
    }

    /**
     * Reads a message.
     *
     * @param message JSON in UTF-8, or what the encoding has instead
     * @throws GatewayException if it is none, with the code to close with
     */
    static ClientMessage read(ByteBuf message, MessageEncoding encoding) {
        JsonNode root = parse(message, encoding);
        if (!root.isObject()) {
            throw decodeError("a message is an object");
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

    private static JsonNode parse(ByteBuf message, MessageEncoding encoding) {
        try {
            return encoding.read(message);
        } catch (JacksonException e) {
            // The parser's own words may quote what was sent, a token for instance.
            throw decodeError(encoding.complaint());
        }
    }
}
