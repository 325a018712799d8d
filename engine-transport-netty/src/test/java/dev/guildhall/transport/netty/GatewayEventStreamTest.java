package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Server-sent events from their beginning to their end, read by the JDK's HTTP client. */
@Timeout(60)
@ExtendWith(NothingWrongLogged.Strict.class)
class GatewayEventStreamTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    @ParameterizedTest
    @EnumSource(
            value = IoMode.class,
            names = {"AUTO", "NIO"})
    void dispatchesComeInOrderWithTheirIds(IoMode io) throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b.io(io));
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
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
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
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b)) {
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
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b)) {
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
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                EventStreamClient before =
                        EventStreamClient.open(gateway, "ann").ready();
                EventStreamClient client =
                        EventStreamClient.resume(gateway, "ann", form.replace("%s", before.sessionId()))) {
            client.startedAnew(before);
        }
    }

    @Test
    void anotherUsersIdIsWorthNothing() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                EventStreamClient ann = EventStreamClient.open(gateway, "ann").ready();
                EventStreamClient eve = EventStreamClient.resume(gateway, "eve", ann.lastId())) {
            eve.startedAnew(ann);
            gateway.nextReady();
            gateway.nextReady();
            gateway.guild().publish(Event.of("E", "1"));
            assertThat(ann.dispatch("E").get("s").intValue()).isEqualTo(2);
        }
    }

    @Test
    void heartbeatsAreComments() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b.heartbeatInterval(Duration.ofMillis(50)));
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            assertThat(client.comment()).isEqualTo(":");
            assertThat(client.comment()).isEqualTo(":");
        }
    }

    @Test
    void aDrainedGatewaySendsItsClientsAway() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
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
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
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
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
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
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.engine().drain();
            assertThat(client.next("CLOSE").get("code").intValue()).isEqualTo(1001);
            client.atEnd();
        }
    }

    @Test
    void aNewerStreamOfTheSessionTakesThePlaceOfTheOlder() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
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
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b.io(io)
                        .sessionOptions(TestGateway.NO_RESUME.toBuilder()
                                .maxBacklogEvents(128)
                                .build()));
                RawClient client = new RawClient(gateway.port())) {
            String head = client.http(EventStreamClient.requestOf("GET", "http://localhost"));
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
    void aClientThatSaysMoreIsCut() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                RawClient client = new RawClient(gateway.port())) {
            client.http(EventStreamClient.requestOf("GET", "http://localhost"));
            gateway.nextReady();
            client.write(new byte[] {1, 2, 3});
            assertThat(client.readToCut()).contains("READY");
        }
    }

    @Test
    void aClientThatGoesWhileItIsLookedAtLeavesNothing() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b.sessionOptions(TestGateway.NO_RESUME))) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = new RawClient(gateway.port())) {
                    client.write(EventStreamClient.requestOf("GET", "http://localhost")
                            .getBytes(StandardCharsets.US_ASCII));
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
