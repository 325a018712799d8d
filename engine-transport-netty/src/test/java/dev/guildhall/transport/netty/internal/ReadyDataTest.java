package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ReadyDataTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final URI URL = URI.create("ws://host/gateway");

    @Test
    void theGatewaysMembersWin() {
        ObjectNode application = JSON.createObjectNode()
                .put("v", 3)
                .put("session_id", "mine")
                .put("resume_gateway_url", "mine")
                .put("shard", "mine")
                .put("user", "ann");
        String ready = text(ReadyData.of(application, JSON.readTree("[0,1]")));
        assertThat(ready)
                .isEqualTo("{\"session_id\":\"abc\",\"resume_gateway_url\":\"ws://host/gateway\","
                        + "\"v\":10,\"shard\":[0,1],\"user\":\"ann\"}");
        assertThat(application.get("v").intValue()).isEqualTo(3);
    }

    @Test
    void nothingIsNeededFromTheApplication() {
        assertThat(text(ReadyData.of(JSON.createObjectNode(), null)))
                .isEqualTo("{\"session_id\":\"abc\",\"resume_gateway_url\":\"ws://host/gateway\",\"v\":10}");
    }

    private static String text(ReadyData ready) {
        return new String(ready.of("abc", URL), StandardCharsets.UTF_8);
    }
}
