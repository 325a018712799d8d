package dev.guildhall.examples.chat.gateway;

import dev.guildhall.Presence.Status;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the status out of opcode 3, or out of an identify, which may hold the same thing. */
final class StatusUpdate {
    private StatusUpdate() {}

    /** The status a session starts with: online if it does not say. */
    static Status ofIdentify(JsonNode identify) {
        JsonNode presence = identify.get("presence");
        return presence == null || presence.isNull() ? Status.ONLINE : of(presence);
    }

    /**
     * Reads a presence. Libraries leave out {@code activities} and {@code since} or send them as null; a client that
     * identifies as "offline" is there but does not want to be seen.
     *
     * @throws GatewayException if it is malformed
     */
    static Status of(JsonNode presence) {
        if (!presence.isObject()
                || !isAbsentOr(presence.get("activities"), JsonNode::isArray)
                || !isAbsentOr(presence.get("since"), JsonNode::isNumber)
                || !isAbsentOr(presence.get("afk"), JsonNode::isBoolean)) {
            throw malformed();
        }
        JsonNode status = presence.get("status");
        if (status == null || !status.isString()) {
            throw malformed();
        }
        return switch (status.stringValue()) {
            case "online" -> Status.ONLINE;
            case "idle" -> Status.IDLE;
            case "dnd" -> Status.DO_NOT_DISTURB;
            case "invisible", "offline" -> Status.INVISIBLE;
            default -> throw malformed();
        };
    }

    private static boolean isAbsentOr(@Nullable JsonNode value, Predicate<JsonNode> shape) {
        return value == null || value.isNull() || shape.test(value);
    }

    private static GatewayException malformed() {
        return new GatewayException(GatewayCloseCode.DECODE_ERROR, "Malformed presence");
    }
}
