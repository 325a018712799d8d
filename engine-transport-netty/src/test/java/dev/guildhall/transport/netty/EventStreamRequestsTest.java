package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Who may open a stream of events, from where, and what is answered to whoever may not. */
@Timeout(60)
@ExtendWith(NothingWrongLogged.Strict.class)
class EventStreamRequestsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?intents=0                        | Bearer nobody       | 401 | 4004: unknown token",
                "?intents=0                        |                     | 401 | 4004: a token is required",
                "?intents=0                        | Bearer limited:x    | 403 | 4014: not for you",
                "''                                | Bearer user:ann     | 400 | 4013: intents must be an integer of 0 or more",
                "?intents=-1                       | Bearer user:ann     | 400 | 4013: intents must be an integer of 0 or more",
                "?intents=1&intents=2              | Bearer user:ann     | 400 | 4002: intents must be there once",
                "?intents=0&shard=2,2              | Bearer user:ann     | 400 | 4010: shard must be [index, count] with 0 <= index < count",
                "?intents=0&shard=x                | Bearer user:ann     | 400 | 4010: shard must be [index, count] with 0 <= index < count",
                "?intents=0&v=9                    | Bearer user:ann     | 400 | 4012: v must be 10 or absent",
                "?intents=0&encoding=cbor          | Bearer user:ann     | 400 | 4002: encoding must be json or absent",
                "?intents=0&compress=zlib-stream   | Bearer user:ann     | 400 | 4002: compress must be absent: a stream of events is not compressed",
                "?intents=0&token=user:ann         |                     | 400 | 4002: the token must be in the Authorization header, not in the query",
            })
    void whoMayNotComeInIsToldWhy(String query, String authorization, int status, String why) throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                EventStreamClient client = EventStreamClient.open(
                        gateway, query, b -> authorization == null ? b : b.header("Authorization", authorization))) {
            assertThat(client.status()).isEqualTo(status);
            int colon = why.indexOf(':');
            assertThat(client.body())
                    .isEqualTo("{\"message\":\"" + status + ":" + why.substring(colon + 1) + "\",\"code\":"
                            + why.substring(0, colon) + "}");
        }
    }

    @Test
    void theTokenMayBeInTheQueryWhereThatIsAllowedAndIsLoggedNowhere() throws Exception {
        AccessLogRecorder log = new AccessLogRecorder();
        try (TestGateway gateway =
                        TestGateway.withEventStreams(b -> b.eventStreams(EventStreamOptions.ON.withTokenInQuery(true))
                                .accessLog(log));
                EventStreamClient client = EventStreamClient.open(
                        gateway, "?token=user:ann&intents=0&shard=0,2&properties.os=linux", b -> b)) {
            client.ready();
            JsonNode identify = gateway.nextReady().identify().data();
            assertThat(identify.get("properties").get("os").stringValue()).isEqualTo("linux");
            assertThat(identify.get("shard").toString()).isEqualTo("[0,2]");
            assertThat(log.nextRequest()).satisfies(request -> {
                assertThat(request.path()).isEqualTo("/gateway/events");
                assertThat(request.status()).isEqualTo(200);
            });
        }
    }

    @Test
    void thereIsNoneUnlessItIsWanted() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                EventStreamClient client = EventStreamClient.open(gateway, "ann")) {
            assertThat(client.status()).isEqualTo(404);
        }
    }

    @Test
    void otherMethodsAndPathsAreRefused() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b)) {
            assertThat(status(gateway, "", "DELETE")).isEqualTo(405);
            assertThat(status(gateway, "/x", "GET")).isEqualTo(405);
            assertThat(status(gateway, "/x", "POST")).isEqualTo(401);
            assertThat(status(gateway, "?token=%zz", "GET")).isEqualTo(400);
        }
    }

    private static int status(TestGateway gateway, String rest, String method) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            return Integer.parseInt(
                    client.http(method + " /gateway/events" + rest + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .substring(9, 12));
        }
    }

    @Test
    void pagesOfOtherHostsAreRefusedAndOthersMayRead() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b.allowedOrigins("https://chat.example"))) {
            try (RawClient client = new RawClient(gateway.port())) {
                assertThat(client.http(EventStreamClient.requestOf("GET", "https://evil.example")))
                        .startsWith("HTTP/1.1 403 ");
                assertThat(client.readToCut()).doesNotContain("allow-origin");
            }
            try (RawClient client = new RawClient(gateway.port())) {
                assertThat(client.http(EventStreamClient.requestOf("GET", "https://chat.example")))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("access-control-allow-origin: https://chat.example\r\n", "vary: origin\r\n");
            }
            try (RawClient client = new RawClient(gateway.port())) {
                assertThat(client.http(EventStreamClient.requestOf("OPTIONS", "https://chat.example")))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("access-control-allow-origin: https://chat.example\r\n", "authorization");
            }
            try (RawClient client = new RawClient(gateway.port())) {
                assertThat(client.http(EventStreamClient.requestOf("OPTIONS", "https://evil.example")))
                        .startsWith("HTTP/1.1 403 ");
            }
        }
    }

    /** Whatever is asked for is answered in HTTP, and changes nothing for others. */
    @Test
    void everyRequestIsAnswered() throws Exception {
        long seed = Long.getLong("guildhall.seed", System.nanoTime());
        System.out.println("-Dguildhall.seed=" + seed);
        Random random = new Random(seed);
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                EventStreamClient witness =
                        EventStreamClient.open(gateway, "wendy").ready()) {
            gateway.nextReady();
            for (int i = 0; i < 300; i++) {
                String request = anyRequest(random, witness.lastId());
                try (RawClient client = new RawClient(gateway.port())) {
                    String head = client.http(request);
                    assertThat(head).as(request).matches("(?s)HTTP/1\\.1 [245]\\d\\d .*");
                    if (!head.startsWith("HTTP/1.1 200 ")) {
                        assertThat(client.readToCut()).as(request).startsWith(request.startsWith("HEAD ") ? "" : "{");
                    }
                }
            }
            gateway.guild().publish(Event.of("E", "1"));
            assertThat(witness.dispatch("E").get("s").intValue()).isEqualTo(2);
        }
    }

    private static String anyRequest(Random random, String id) {
        String session = id.substring(0, 32);
        String method = anyOf(random, "GET", "GET", "POST", "POST", "PUT", "HEAD", "OPTIONS");
        String path = anyOf(random, "", "", "/", "/" + session, "/" + session, "/x", "/%2e%2e", "/\u00e9", "/%", "//");
        StringBuilder query = new StringBuilder("?");
        for (int i = random.nextInt(5); i > 0; i--) {
            query.append(anyOf(random, "intents", "shard", "v", "encoding", "token", "lastEventId", "properties.a", ""))
                    .append(anyOf(random, "=", "=", "=", ""))
                    .append(anyOf(
                            random, "0", "1", "-1", "1,2", "10", "json", "%00", "%zz", "user:ann", id, "9".repeat(30)))
                    .append('&');
        }
        String body = anyOf(random, "", "{}", "{\"op\":1}", "{\"op\":100,\"d\":1}", "[", "\u00ff", "x".repeat(5000));
        String token = anyOf(random, "user:ann", "Bearer user:eve", "Bearer ", "", "\u00e9", "Basic x");
        return method + " /gateway/events" + path + query + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + body.length() + "\r\nAuthorization: " + token + "\r\nLast-Event-ID: "
                + anyOf(random, "", id, id + "0", session, ".", "\u00e9", "x".repeat(3000)) + "\r\n\r\n" + body;
    }

    private static String anyOf(Random random, String... values) {
        return values[random.nextInt(values.length)];
    }
}
