package dev.guildhall.examples.chat.gateway;

import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an opcode 8 asks for, checked.
 *
 * @param guildId of which guild
 * @param userIds these users; empty to ask by name
 * @param prefix what the name starts with
 * @param limit most members found by name; 0 for everybody, which only the empty prefix may ask for
 * @param presences whether their statuses are wanted too
 * @param nonce the client's own name for the request, given back in the answer; null if there is none
 */
record MemberQuery(
        long guildId,
        List<Long> userIds,
        String prefix,
        int limit,
        boolean presences,
        @Nullable String nonce) {
    private static final int MAX_USERS = 100;
    private static final int MAX_LIMIT = 100;
    private static final int MAX_NONCE = 32;

    /**
     * Reads the message.
     *
     * @throws GatewayException if it is malformed
     */
    static MemberQuery read(JsonNode data) {
        if (!data.isObject()) {
            throw malformed("d must be an object");
        }
        List<Long> userIds = ids(data.get("user_ids"));
        JsonNode query = data.get("query");
        if (userIds.isEmpty() && (query == null || !query.isString())) {
            throw malformed("either query or user_ids must be given");
        }
        String prefix = query != null && query.isString() ? query.stringValue() : "";
        int limit = limit(data.get("limit"));
        if (limit == 0 && !prefix.isEmpty()) {
            limit = MAX_LIMIT;
        }
        JsonNode presences = data.get("presences");
        boolean withPresences = presences != null && presences.isBoolean() && presences.booleanValue();
        return new MemberQuery(id(data.get("guild_id")), userIds, prefix, limit, withPresences, nonce(data));
    }

    private static List<Long> ids(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            return List.of(id(value));
        }
        if (value.size() > MAX_USERS) {
            throw malformed("user_ids must be at most " + MAX_USERS + ", were " + value.size());
        }
        List<Long> ids = new ArrayList<>();
        value.forEach(element -> ids.add(id(element)));
        return List.copyOf(ids);
    }

    /** An id is a string to some clients and a number to others; both are read exactly. */
    private static long id(@Nullable JsonNode value) {
        if (value != null && (value.isString() || value.isIntegralNumber())) {
            try {
                return Snowflakes.parse(value.asString());
            } catch (NumberFormatException e) {
                throw malformed("an id must be a whole number of at most 64 bits");
            }
        }
        throw malformed("guild_id and user_ids must be ids");
    }

    private static int limit(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw malformed("limit must be a whole number, not negative");
        }
        return Math.min(value.intValue(), MAX_LIMIT);
    }

    private static @Nullable String nonce(JsonNode data) {
        JsonNode nonce = data.get("nonce");
        if (nonce == null || nonce.isNull()) {
            return null;
        }
        if (!nonce.isString() || nonce.stringValue().length() > MAX_NONCE) {
            throw malformed("nonce must be a string of at most " + MAX_NONCE + " characters");
        }
        return nonce.stringValue();
    }

    private static GatewayException malformed(String problem) {
        return new GatewayException(GatewayCloseCode.DECODE_ERROR, problem);
    }
}
