package dev.guildhall.transport.netty.internal;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * READY's {@code d}, made in two steps. The application's part can be large, so it is written as JSON where the authenticator
 * ran; the event loop, which knows the session, only sets its own few members before it.
 */
final class ReadyData {
    /** Version of the protocol. */
    static final int VERSION = 10;

    private static final String SESSION_ID = "session_id";
    private static final String URL = "resume_gateway_url";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A JSON object. */
    private final byte[] rest;

    private ReadyData(byte[] rest) {
        this.rest = rest;
    }

    /** The first step: all but what belongs to the session. */
    static ReadyData of(JsonNode fromApplication, @Nullable JsonNode shard) {
        ObjectNode rest = JSON.createObjectNode();
        rest.setAll((ObjectNode) fromApplication);
        rest.remove(List.of(SESSION_ID, URL));
        rest.put("v", VERSION);
        if (shard != null) {
            rest.set("shard", shard);
        }
        return new ReadyData(JSON.writeValueAsBytes(rest));
    }

    /** The second step: the whole object. */
    byte[] of(String sessionId, URI url) {
        byte[] own = JSON.writeValueAsBytes(
                JSON.createObjectNode().put(SESSION_ID, sessionId).put(URL, url.toString()));
        // {"session_id":…,"resume_gateway_url":…  ,  "v":10,…}
        return ByteBuffer.allocate(own.length + rest.length - 1)
                .put(own, 0, own.length - 1)
                .put((byte) ',')
                .put(rest, 1, rest.length - 1)
                .array();
    }
}
