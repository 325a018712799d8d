package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Server-sent events, read by the JDK's HTTP client. */
@Timeout(60)
@ExtendWith(NothingWrongLogged.Strict.class)
class GatewayEventStreamTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static TestGateway gateway(UnaryOperator<NettyTransportBuilder> change) {
        return TestGateway.open(
                b -> change.apply(b.eventStreams(EventStreamOptions.ON).sessionOptions(SessionOptions.DEFAULT)));
    }

    private static TestGateway gateway() {
        return gateway(b -> b);
    }

    @ParameterizedTest
    @EnumSource(
            value = IoMode.class,
            names = {"AUTO", "NIO"})
    void dispatchesComeInOrderWithTheirIds(IoMode io) throws Exception {
        try (TestGateway gateway = gateway(b -> b.io(io));
                EventStreamClient client = EventStreamClient.open(gateway, "ann")) {
            assertThat(client.header("content-type")).isEqualTo("text/event-stream");
            assertThat(client.header("cache-control")).isEqualTo("no-store");
            assertThat(client.header("x-accel-buffering")).isEqualTo("no");
            assertThat(client.next("HELLO").get("d").get("heartbeat_interval").intValue())
                    .isEqualTo(41_250);
            JsonNode ready = client.dispatch("READY");
            String session = ready.get("d").get("session_id").stringValue();
            assertThat(ready.get("d").get("user").stringValue()).isEqualTo("ann");
            assertThat(client.lastId()).isEqualTo(session + ".0000000001");
            assertThat(gateway.nextReady().identify().intents()).isEqualTo(513);
            for (int i = 2; i < 200; i++) {
                gateway.guild().publish(Event.of("E", "{\"n\":" + i + ",\r\n \"text\":\"h\u00e9\\n\"}"));
            }
            for (int i = 2; i < 200; i++) {
                JsonNode event = client.dispatch("E");
                assertThat(event.get("s").intValue()).isEqualTo(i);
                assertThat(event.get("d").get("n").intValue()).isEqualTo(i);
                assertThat(event.get("d").get("text").stringValue()).isEqualTo("h\u00e9\n");
                assertThat(client.lastId()).isEqualTo("%s.%010d", session, i);
            }
            GatewayStats stats = gateway.transport().stats();
            assertThat(stats.connections().get(GatewayStats.State.IDENTIFIED)).isEqualTo(1);
            assertThat(stats.writePaths()
                            .get(io == IoMode.NIO ? GatewayStats.WritePath.CHANNEL : GatewayStats.WritePath.SOCKET))
                    .isEqualTo(1);
        }
    }

    @Test
    void largeEventsAndManyOfThem() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady();
            for (int size : new int[] {1, 60_000, 70_000, 200_000, 5}) {
                gateway.guild().publish(Event.of("E", "\"" + "x".repeat(size) + "\""));
            }
            for (int size : new int[] {1, 60_000, 70_000, 200_000, 5}) {
                assertThat(client.dispatch("E").get("d").stringValue()).hasSize(size);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatComesBackGetsWhatItMissed(boolean inHeader) throws Exception {
        try (TestGateway gateway = gateway()) {
            String last;
            try (EventStreamClient client =
                    EventStreamClient.open(gateway, "ann").ready()) {
                gateway.nextReady();
                gateway.guild().publish(Event.of("E", "1"));
                client.dispatch("E");
                last = client.lastId();
            }
            gateway.guild().publish(Event.of("E", "2"));
            gateway.guild().publish(Event.of("E", "3"));
            try (EventStreamClient client = inHeader
                    ? EventStreamClient.resume(gateway, "ann", last)
                    : EventStreamClient.open(
                            gateway,
                            "?intents=0&lastEventId=" + last,
                            b -> b.header("Authorization", "Bot user:ann"))) {
                client.next("HELLO");
                assertThat(client.dispatch("E").get("d").intValue()).isEqualTo(2);
                assertThat(client.dispatch("E").get("s").intValue()).isEqualTo(4);
                assertThat(client.dispatch("RESUMED").get("s").intValue()).isEqualTo(5);
                assertThat(client.lastId()).endsWith(".0000000005").startsWith(last.substring(0, 33));
                gateway.guild().publish(Event.of("E", "4"));
                assertThat(client.dispatch("E").get("d").intValue()).isEqualTo(4);
            }
        }
    }

    @Test
    void aSessionMovesBetweenAStreamAndAWebSocket() throws Exception {
        try (TestGateway gateway = gateway()) {
            String session;
            try (EventStreamClient client =
                    EventStreamClient.open(gateway, "ann").ready()) {
                gateway.nextReady();
                session = client.sessionId();
            }
            try (TestClient client = TestClient.connect(gateway.url())) {
                client.next();
                client.resume("user:ann", session, 1);
                assertThat(client.next().get("t").stringValue()).isEqualTo("RESUMED");
                assertThat(EventStreamClient.post(gateway, session, "user:ann", "{\"op\":100,\"d\":1}")
                                .statusCode())
                        .isEqualTo(409);
            }
            try (EventStreamClient client = EventStreamClient.resume(gateway, "ann", session + ".2")) {
                client.next("HELLO");
                assertThat(client.dispatch("RESUMED").get("s").intValue()).isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "0123456789abcdef0123456789abcdef.1",
                "%s",
                "%s.",
                "%s.-1",
                "%s.99999999999",
                "%s.7",
                "%s.0000000001x"
            })
    void whoCannotGoOnStartsAnew(String form) throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient before =
                        EventStreamClient.open(gateway, "ann").ready();
                EventStreamClient client =
                        EventStreamClient.resume(gateway, "ann", form.replace("%s", before.sessionId()))) {
            assertStartedAnew(client, before);
        }
    }

    @Test
    void anotherUsersIdIsWorthNothing() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient ann = EventStreamClient.open(gateway, "ann").ready();
                EventStreamClient eve = EventStreamClient.resume(gateway, "eve", ann.lastId())) {
            assertStartedAnew(eve, ann);
            gateway.nextReady();
            gateway.nextReady();
            gateway.guild().publish(Event.of("E", "1"));
            assertThat(ann.dispatch("E").get("s").intValue()).isEqualTo(2);
        }
    }

    private static void assertStartedAnew(EventStreamClient client, EventStreamClient before) throws Exception {
        client.next("HELLO");
        JsonNode invalid = client.next("INVALID_SESSION");
        assertThat(invalid.get("op").intValue()).isEqualTo(9);
        assertThat(invalid.get("d").booleanValue()).isFalse();
        JsonNode ready = client.dispatch("READY");
        assertThat(ready.get("s").intValue()).isEqualTo(1);
        assertThat(ready.get("d").get("session_id").stringValue()).isNotEqualTo(before.sessionId());
    }

    @Test
    void whatWasAcknowledgedIsKeptNoLonger() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady();
            gateway.guild().publish(Event.of("E", "1"));
            client.dispatch("E");
            assertThat(EventStreamClient.post(gateway, client.sessionId(), "user:ann", "{\"op\":1,\"d\":2}")
                            .statusCode())
                    .isEqualTo(202);
            gateway.guild().publish(Event.of("E", "2"));
            client.dispatch("E");
            try (EventStreamClient again = EventStreamClient.resume(gateway, "ann", client.sessionId() + ".1")) {
                assertStartedAnew(again, client);
            }
        }
    }

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
        try (TestGateway gateway = gateway();
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
        try (TestGateway gateway = gateway(b -> b.eventStreams(EventStreamOptions.ON.withTokenInQuery(true))
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
    void commandsComeByPost() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady();
            HttpResponse<String> answer = EventStreamClient.post(
                    gateway, client.sessionId(), "user:ann", "{\"op\":100,\"d\":{\"id\":9007199254740993}}");
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(client.dispatch("MESSAGE_CREATE").get("d").toString()).isEqualTo("{\"id\":9007199254740993}");
            assertThat(gateway.transport().stats().messagesReceived()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user:eve | {\"op\":100,\"d\":1}     | 404",
                "nobody   | {\"op\":100,\"d\":1}     | 404",
                "user:ann | {\"op\":99}              | 400",
                "user:ann | {\"op\":0}               | 400",
                "user:ann | {\"op\":2,\"d\":{}}      | 409",
                "user:ann | {\"op\":6,\"d\":{}}      | 409",
                "user:ann | nonsense                 | 400",
                "user:ann | ''                       | 400",
            })
    void whatIsNoCommandChangesNothing(String token, String body, int status) throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient eve = EventStreamClient.open(gateway, "eve").ready();
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady();
            gateway.nextReady();
            assertThat(eve.status()).isEqualTo(200);
            HttpResponse<String> answer = EventStreamClient.post(gateway, client.sessionId(), token, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            HttpResponse<String> unknown = EventStreamClient.post(gateway, "0".repeat(32), token, body);
            if (status == 404) { // the same words as for a session that is not there
                assertThat(answer.body()).isEqualTo(unknown.body());
            }
            gateway.guild().publish(Event.of("E", "1"));
            assertThat(client.dispatch("E").get("s").intValue()).isEqualTo(2);
        }
    }

    @Test
    void bodiesAreBounded() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            for (int size : new int[] {4096, 9000}) {
                String body = "{\"op\":100,\"d\":\"" + "x".repeat(size) + "\"}";
                assertThat(EventStreamClient.post(gateway, client.sessionId(), "user:ann", body)
                                .statusCode())
                        .isEqualTo(413);
            }
        }
    }

    @Test
    void messagesAreCounted() throws Exception {
        try (TestGateway gateway = gateway(b -> b.messageRate(3, Duration.ofMinutes(1)));
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer =
                        EventStreamClient.post(gateway, client.sessionId(), "user:ann", "{\"op\":100,\"d\":1}");
                assertThat(answer.statusCode()).isEqualTo(i < 3 ? 202 : 429);
            }
        }
    }

    @Test
    void otherMethodsAndPathsAreRefused() throws Exception {
        try (TestGateway gateway = gateway()) {
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
    void heartbeatsAreComments() throws Exception {
        try (TestGateway gateway = gateway(b -> b.heartbeatInterval(Duration.ofMillis(50)));
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            assertThat(client.comment()).isEqualTo(":");
            assertThat(client.comment()).isEqualTo(":");
        }
    }

    @Test
    void aDrainedGatewaySendsItsClientsAway() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady();
            DrainedGateway report = gateway.transport()
                    .drain(DrainOptions.DEFAULT)
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            EventStreamClient.Sent last = client.next();
            assertThat(last.event()).isEqualTo("RECONNECT");
            assertThat(last.retry()).isBetween(1500L, 4500L);
            assertThat(last.json().get("op").intValue()).isEqualTo(7);
            client.atEnd();
            assertThat(report.remaining()).isZero();
            try (EventStreamClient again = EventStreamClient.open(gateway, "ann")) {
                assertThat(again.status()).isEqualTo(503);
            }
        }
    }

    @Test
    void theApplicationMaySendAClientAway() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady().reconnect();
            client.next("RECONNECT");
            client.atEnd();
            try (EventStreamClient again = EventStreamClient.resume(gateway, "ann", client.lastId())) {
                again.next("HELLO");
                again.dispatch("RESUMED");
            }
        }
    }

    @Test
    void theEndOfASessionIsToldWithItsCode() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient ann = EventStreamClient.open(gateway, "ann").ready();
                EventStreamClient bob = EventStreamClient.open(gateway, "bob").ready()) {
            GatewaySession session = gateway.nextReady();
            (session.user().equals("ann") ? session : gateway.nextReady())
                    .close(GatewayCloseCode.SHARDING_REQUIRED, "too \"many\" guilds");
            assertThat(ann.next("CLOSE").toString())
                    .isEqualTo("{\"code\":4011,\"reason\":\"too \\\"many\\\" guilds\"}");
            ann.atEnd();
            gateway.transport().invalidateTokens("bob");
            assertThat(bob.next("CLOSE").get("code").intValue()).isEqualTo(4004);
            bob.atEnd();
        }
    }

    @Test
    void theEndOfTheGatewayIsTold() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.engine().drain();
            assertThat(client.next("CLOSE").get("code").intValue()).isEqualTo(1001);
            client.atEnd();
        }
    }

    @Test
    void aNewerStreamOfTheSessionTakesThePlaceOfTheOlder() throws Exception {
        try (TestGateway gateway = gateway();
                EventStreamClient old = EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady();
            try (EventStreamClient client = EventStreamClient.resume(gateway, "ann", old.lastId())) {
                client.next("HELLO");
                client.dispatch("RESUMED");
                old.next("CLOSE");
                old.atEnd();
                assertThat(EventStreamClient.post(gateway, old.sessionId(), "user:ann", "{\"op\":100,\"d\":1}")
                                .statusCode())
                        .isEqualTo(202);
                client.dispatch("MESSAGE_CREATE");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = IoMode.class,
            names = {"AUTO", "NIO"})
    void aClientThatDoesNotReadIsClosedAsASlowConsumer(IoMode io) throws Exception {
        try (TestGateway gateway = gateway(b -> b.io(io)
                        .sessionOptions(TestGateway.NO_RESUME.toBuilder()
                                .maxBacklogEvents(128)
                                .build()));
                RawClient client = new RawClient(gateway.port())) {
            String head = client.http(page("GET", "http://localhost"));
            assertThat(head).startsWith("HTTP/1.1 200 ");
            GatewaySession session = gateway.nextReady();
            String large = "\"" + "x".repeat(32_000) + "\"";
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (session.session().isOpen()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                gateway.guild().publish(Event.of("E", large));
            }
            assertThat(gateway.nextEnded().reason().kind()).isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
        }
    }

    @Test
    void pagesOfOtherHostsAreRefusedAndOthersMayRead() throws Exception {
        try (TestGateway gateway = gateway(b -> b.allowedOrigins("https://chat.example"))) {
            try (RawClient client = new RawClient(gateway.port())) {
                assertThat(client.http(page("GET", "https://evil.example"))).startsWith("HTTP/1.1 403 ");
                assertThat(client.readToCut()).doesNotContain("allow-origin");
            }
            try (RawClient client = new RawClient(gateway.port())) {
                assertThat(client.http(page("GET", "https://chat.example")))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("access-control-allow-origin: https://chat.example\r\n", "vary: origin\r\n");
            }
            try (RawClient client = new RawClient(gateway.port())) {
                assertThat(client.http(page("OPTIONS", "https://chat.example")))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("access-control-allow-origin: https://chat.example\r\n", "authorization");
            }
            try (RawClient client = new RawClient(gateway.port())) {
                assertThat(client.http(page("OPTIONS", "https://evil.example"))).startsWith("HTTP/1.1 403 ");
            }
        }
    }

    private static String page(String method, String origin) {
        return method + " /gateway/events?intents=0 HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                + "\r\nAuthorization: user:ann\r\n\r\n";
    }

    /** Whatever is asked for is answered in HTTP, and changes nothing for others. */
    @Test
    void everyRequestIsAnswered() throws Exception {
        long seed = Long.getLong("guildhall.seed", System.nanoTime());
        System.out.println("-Dguildhall.seed=" + seed);
        Random random = new Random(seed);
        try (TestGateway gateway = gateway();
                EventStreamClient witness =
                        EventStreamClient.open(gateway, "wendy").ready()) {
            gateway.nextReady();
            for (int i = 0; i < 300; i++) {
                String request = anyRequest(random, witness.lastId());
                try (RawClient client = new RawClient(gateway.port())) {
                    String head = client.http(request);
                    assertThat(head).as(request).matches("(?s)HTTP/1\\.1 [245]\\d\\d .*");
                    if (!head.startsWith("HTTP/1.1 200 ")) {
                        assertThat(client.readToCut()).as(request).startsWith("{");
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

    @Test
    void aClientThatSaysMoreIsCut() throws Exception {
        try (TestGateway gateway = gateway();
                RawClient client = new RawClient(gateway.port())) {
            client.http(page("GET", "http://localhost"));
            gateway.nextReady();
            client.write(new byte[] {1, 2, 3});
            assertThat(client.readToCut()).contains("READY");
        }
    }

    @Test
    void aClientThatGoesWhileItIsLookedAtLeavesNothing() throws Exception {
        try (TestGateway gateway = gateway(b -> b.sessionOptions(TestGateway.NO_RESUME))) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = new RawClient(gateway.port())) {
                    client.write(page("GET", "http://localhost").getBytes(StandardCharsets.US_ASCII));
                }
            }
            try (EventStreamClient last =
                    EventStreamClient.open(gateway, "wendy").ready()) {
                assertThat(last.sessionId()).isNotEmpty();
            }
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (gateway.engine().stats().sessions() > 0) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
    }
}
