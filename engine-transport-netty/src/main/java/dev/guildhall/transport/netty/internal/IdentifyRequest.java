package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.Identify;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A checked identify.
 *
 * @param identify what the application sees
 * @param shard {@code [index, count]} as sent, to be echoed; null if there was none
 */
record IdentifyRequest(Identify identify, @Nullable JsonNode shard) {
    private static final String TOKEN_PREFIX = "Bot ";

    /**
     * Checks an identify's {@code d}.
     *
     * @param address from where the client came
     * @throws GatewayException if something is missing or out of range, with the code to close with
     */
    static IdentifyRequest read(JsonNode data, @Nullable InetAddress address) {
        if (!data.isObject()) {
            throw ClientMessage.decodeError("d of identify must be an object");
        }
        return new IdentifyRequest(new Identify(token(data), intents(data), data, address), shard(data));
    }

    /** The token, without the prefix that some libraries put before it. */
    static String token(JsonNode data) {
        JsonNode token = data.get("token");
        if (token == null || !token.isString()) {
            throw ClientMessage.decodeError("token must be a string");
        }
        return withoutPrefix(token.stringValue());
    }

    static String withoutPrefix(String token) {
        return token.startsWith(TOKEN_PREFIX) ? token.substring(TOKEN_PREFIX.length()) : token;
    }

    private static long intents(JsonNode data) {
        JsonNode intents = data.get("intents");
        if (intents == null || !intents.isIntegralNumber() || !intents.canConvertToLong() || intents.longValue() < 0) {
            throw new GatewayException(GatewayCloseCode.INVALID_INTENTS, "intents must be an integer of 0 or more");
        }
        return intents.longValue();
    }

    private static @Nullable JsonNode shard(JsonNode data) {
        JsonNode shard = data.get("shard");
        if (shard == null || shard.isNull()) {
            return null;
        }
        if (!shard.isArray() || shard.size() != 2 || !isShard(shard.get(0), shard.get(1))) {
            throw new GatewayException(
                    GatewayCloseCode.INVALID_SHARD, "shard must be [index, count] with 0 <= index < count");
        }
        return shard;
    }

    private static boolean isShard(JsonNode index, JsonNode count) {
        return index.isIntegralNumber()
                && count.isIntegralNumber()
                && index.canConvertToInt()
                && count.canConvertToInt()
                && index.intValue() >= 0
                && index.intValue() < count.intValue();
    }
}
