package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client's wish for a stream of events, which is identify and resume in one.
 *
 * @param identify for a new session
 * @param lastEventId of the last event the client has; null if it has none
 * @param host what the Host header says
 */
record EventStreamRequest(
        IdentifyRequest identify,
        @Nullable String lastEventId,
        @Nullable String host) {
    static final String LAST_EVENT_ID = "last-event-id";

    private static final String BEARER = "bearer ";
    private static final String PROPERTY = "properties.";

    /**
     * Reads a request.
     *
     * @throws GatewayException if something is missing or not served
     * @throws IllegalArgumentException if the query is not URL-encoded
     */
    static EventStreamRequest read(
            HttpHeaders headers, QueryStringDecoder target, boolean tokenInQuery, @Nullable InetAddress address) {
        Map<String, List<String>> query = target.parameters();
        requireOnly(query, "v", String.valueOf(ReadyData.VERSION), GatewayCloseCode.INVALID_API_VERSION);
        requireOnly(query, "encoding", MessageEncoding.JSON.word(), GatewayCloseCode.DECODE_ERROR);
        if (query.containsKey("compress")) {
            throw ClientMessage.decodeError("compress must be absent: a stream of events is not compressed");
        }
        ObjectNode data = JsonMapper.shared().createObjectNode();
        data.put("token", token(headers, query, tokenInQuery));
        String intents = one(query, "intents");
        if (intents != null && intents.matches("[0-9]{1,18}")) {
            data.put("intents", Long.parseLong(intents));
        }
        String shard = one(query, "shard");
        if (shard != null) {
            setShard(data, shard);
        }
        setProperties(data, query);
        String header = headers.get(LAST_EVENT_ID);
        return new EventStreamRequest(
                IdentifyRequest.read(data, address),
                header == null ? one(query, "lastEventId") : header,
                headers.get(HttpHeaderNames.HOST));
    }

    /**
     * The token of a request.
     *
     * @throws GatewayException if there is none, or not in the one place where it may be
     */
    static String token(HttpHeaders headers, Map<String, List<String>> query, boolean tokenInQuery) {
        if (query.containsKey("token") && !tokenInQuery) {
            throw ClientMessage.decodeError("the token must be in the Authorization header, not in the query");
        }
        List<String> values = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        String inQuery = one(query, "token");
        if (values.size() > 1 || (!values.isEmpty() && inQuery != null)) {
            throw ClientMessage.decodeError("the token must be there once");
        }
        String token = values.isEmpty() ? inQuery : values.getFirst();
        if (token == null || token.isEmpty()) {
            throw new GatewayException(GatewayCloseCode.AUTHENTICATION_FAILED, "a token is required");
        }
        return token.toLowerCase(Locale.ROOT).startsWith(BEARER) ? token.substring(BEARER.length()) : token;
    }

    private static void requireOnly(
            Map<String, List<String>> query, String parameter, String only, GatewayCloseCode code) {
        if (!query.getOrDefault(parameter, List.of(only)).stream().allMatch(only::equals)) {
            throw new GatewayException(code, parameter + " must be " + only + " or absent");
        }
    }

    private static @Nullable String one(Map<String, List<String>> query, String parameter) {
        List<String> values = query.getOrDefault(parameter, List.of());
        if (values.size() > 1) {
            throw ClientMessage.decodeError(parameter + " must be there once");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /** What is no pair of numbers is left as it is, for the check that identify has. */
    private static void setShard(ObjectNode data, String shard) {
        if (shard.matches("[0-9]{1,9},[0-9]{1,9}")) {
            int comma = shard.indexOf(',');
            data.putArray("shard")
                    .add(Integer.parseInt(shard.substring(0, comma)))
                    .add(Integer.parseInt(shard.substring(comma + 1)));
        } else {
            data.put("shard", shard);
        }
    }

    private static void setProperties(ObjectNode data, Map<String, List<String>> query) {
        ObjectNode properties = data.putObject("properties");
        query.forEach((parameter, values) -> {
            if (parameter.startsWith(PROPERTY)) {
                properties.put(parameter.substring(PROPERTY.length()), values.getFirst());
            }
        });
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "EventStreamRequest[" + identify.identify() + ", lastEventId=" + lastEventId + "]";
    }
}
