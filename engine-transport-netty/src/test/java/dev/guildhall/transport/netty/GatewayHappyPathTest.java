package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(120)
@ExtendWith(NothingWrongLogged.class)
class GatewayHappyPathTest {
    private static final int EVENTS = 2000;

    @ParameterizedTest
    @EnumSource(
            value = IoMode.class,
            names = {"EPOLL", "IO_URING", "NIO"})
    void twoClientsOfAGuildSeeOneOrder(IoMode io) throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.io(io))) {
            assumeThat(gateway.transport().io())
                    .as("%s does not work on this machine", io)
                    .isEqualTo(io);
            try (TestClient ann = gateway.join("ann");
                    TestClient bob = gateway.join("bob")) {
                ann.send("{\"op\":100,\"d\":{\"text\":\"hé\"}}");
                for (TestClient client : new TestClient[] {ann, bob}) {
                    JsonNode message = client.next();
                    assertThat(message.get("t").stringValue()).isEqualTo("MESSAGE_CREATE");
                    assertThat(message.get("s").intValue()).isEqualTo(2);
                    assertThat(message.get("op").intValue()).isZero();
                    assertThat(message.get("d").get("text").stringValue()).isEqualTo("hé");
                }
                for (int i = 0; i < EVENTS; i++) {
                    gateway.guild().publish(Event.of("COUNT", String.valueOf(i)));
                }
                for (TestClient client : new TestClient[] {ann, bob}) {
                    for (int i = 0; i < EVENTS; i++) {
                        JsonNode message = client.next();
                        assertThat(message.get("d").intValue()).isEqualTo(i);
                        assertThat(message.get("s").intValue()).isEqualTo(i + 3);
                    }
                }
                ann.leave(1000);
                assertThat(ann.closeCode()).isEqualTo(1000);
                assertThat(gateway.nextEnded()).isEqualTo(new TestGateway.Ended("ann", CloseReason.CLIENT_LEFT));
            }
        }
    }

    @Test
    void helloAndReadyHaveTheirShape() throws Exception {
        URI outside = URI.create("wss://chat.example/gateway");
        try (TestGateway gateway = TestGateway.open(builder -> builder.gatewayUrl(outside));
                TestClient client = TestClient.connect(
                        URI.create("ws://127.0.0.1:" + gateway.port() + "/gateway"), "/?encoding=json&x=%20&v=10")) {
            JsonNode hello = client.next();
            assertThat(hello.get("op").intValue()).isEqualTo(10);
            assertThat(hello.get("d").get("heartbeat_interval").intValue()).isEqualTo(41_250);
            assertThat(hello.get("s").isNull()).isTrue();
            client.send(
                    "{\"s\":null,\"t\":null,\"op\":2,\"d\":{\"shard\":[1,2],\"intents\":0,\"token\":\"Bot user:ann\"}}");
            JsonNode ready = client.next();
            assertThat(ready.get("s").intValue()).isEqualTo(1);
            assertThat(ready.get("t").stringValue()).isEqualTo("READY");
            JsonNode data = ready.get("d");
            GatewaySession session = gateway.nextReady();
            assertThat(data.get("v").intValue()).isEqualTo(10);
            assertThat(data.get("user").stringValue()).isEqualTo("ann");
            assertThat(data.get("session_id").stringValue())
                    .isEqualTo(session.session().id());
            assertThat(data.get("resume_gateway_url").stringValue()).isEqualTo(outside.toString());
            assertThat(data.get("shard").toString()).isEqualTo("[1,2]");
            assertThat(session.identify().token()).isEqualTo("user:ann");
        }
    }

    @Test
    void aClientIsToldToComeBackByTheHostItCameBy() throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.host("0.0.0.0"));
                RawClient client = new RawClient(gateway.port())) {
            String request = RawClient.upgradeRequest().replace("Host: localhost", "Host: chat.example:9999");
            assertThat(client.http(request)).startsWith("HTTP/1.1 101 ");
            client.read();
            client.send("{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}");
            assertThat(client.read().text())
                    .contains("\"resume_gateway_url\":\"ws://chat.example:" + gateway.port() + "/gateway\"");
            assertThat(gateway.transport().urlSeenBy("other.example"))
                    .hasToString("ws://other.example:" + gateway.port() + "/gateway");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "?v=10", "/?v=10&encoding=json&client=other"})
    void anyFormOfTheUrlIsAccepted(String tail) throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient client = TestClient.connect(gateway.url(), tail)) {
            assertThat(client.next().get("op").intValue()).isEqualTo(10);
        }
    }

    @Test
    void heartbeatsAreAcknowledgedBeforeAndAfterIdentify() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            client.send("{\"op\":1,\"d\":null}");
            assertThat(client.next().get("op").intValue()).isEqualTo(11);
            client.identify("user:ann");
            client.next();
            client.send("{\"op\":1,\"d\":1}");
            JsonNode ack = client.next();
            assertThat(ack.get("op").intValue()).isEqualTo(11);
            assertThat(ack.get("s").isNull()).isTrue();
        }
    }

    @Test
    void theServerAsksForAHeartbeat() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                TestClient client = TestClient.connect(gateway.url());
                EventStreamClient stream =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady().requestHeartbeat(); // a stream has none
            client.next();
            client.identify("user:bob");
            client.next();
            gateway.nextReady().requestHeartbeat();
            JsonNode request = client.next();
            assertThat(request.get("op").intValue()).isEqualTo(1);
            assertThat(request.get("d").isNull()).isTrue();
            assertThat(request.get("s").isNull()).isTrue();
            client.send("{\"op\":1,\"d\":1}");
            assertThat(client.next().get("op").intValue()).isEqualTo(11);
            gateway.guild().publish(Event.of("E", "1"));
            assertThat(stream.dispatch("E").get("s").intValue()).isEqualTo(2);
        }
    }

    @Test
    void resumeIsRefusedAndIdentifyStillWorks() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            client.send("{\"op\":6,\"d\":{\"token\":\"x\",\"session_id\":\"y\",\"seq\":4}}");
            JsonNode invalid = client.next();
            assertThat(invalid.get("op").intValue()).isEqualTo(9);
            assertThat(invalid.get("d").booleanValue()).isFalse();
            client.identify("user:ann");
            assertThat(client.next().get("t").stringValue()).isEqualTo("READY");
        }
    }

    @Test
    void pingIsAnsweredAndStandardOpcodesWithoutHandlerAreIgnored() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                RawClient client = RawClient.upgraded(gateway.port())) {
            client.read();
            client.send("{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}");
            assertThat(client.read().text()).contains("READY");
            client.send("{\"op\":3,\"d\":{\"status\":\"idle\"}}");
            client.send("{\"op\":4,\"d\":{\"guild_id\":300000000000000001}}");
            client.send("{\"op\":8,\"d\":{}}");
            client.write(RawClient.frame(0x80 | RawClient.PING, "are you there".getBytes(StandardCharsets.UTF_8)));
            RawClient.Frame pong = client.read();
            assertThat(pong.opcode()).isEqualTo(RawClient.PONG);
            assertThat(pong.text()).isEqualTo("are you there");
        }
    }

    @Test
    void fragmentedMessagesAreOneMessage() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            client.socket().sendText("{\"op\":", false).get(10, TimeUnit.SECONDS);
            client.socket().sendPing(ByteBuffer.allocate(4)).get(10, TimeUnit.SECONDS);
            client.send("1}");
            assertThat(client.next().get("op").intValue()).isEqualTo(11);
        }
    }

    @Test
    void eventEncoderMakesTheDataOnAnEventLoop() throws Exception {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        EventEncoder encoder = event -> {
            threads.add(Thread.currentThread().getName());
            return ("{\"length\":" + event.payloadLength() + "}").getBytes(StandardCharsets.UTF_8);
        };
        try (TestGateway gateway = TestGateway.open(builder -> builder.eventEncoder("RAW", encoder));
                TestClient client = gateway.join("ann")) {
            gateway.guild().publish(Event.of("RAW", new byte[300]));
            assertThat(client.next().get("d").get("length").intValue()).isEqualTo(300);
            assertThat(threads).singleElement().asString().startsWith("guildhall-loop");
        }
    }

    @Test
    void largeEventsArriveWhole() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient client = gateway.join("ann")) {
            String text = "\"" + "x".repeat(300_000) + "\"";
            for (int i = 0; i < 20; i++) {
                gateway.guild().publish(Event.of("BIG", text));
            }
            for (int i = 0; i < 20; i++) {
                JsonNode message = client.next();
                assertThat(message.get("s").intValue()).isEqualTo(i + 2);
                assertThat(message.get("d").stringValue()).hasSize(300_000);
            }
        }
    }

    @Test
    void applicationClosesWithItsCode() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient ann = TestClient.connect(gateway.url());
                TestClient bob = TestClient.connect(gateway.url())) {
            ann.next();
            ann.identify("user:ann");
            GatewaySession session = gateway.nextReady();
            session.close(GatewayCloseCode.SHARDING_REQUIRED, "too many guilds");
            session.close(GatewayCloseCode.UNKNOWN_ERROR, "too late");
            assertThat(ann.closed()).isEqualTo(new TestClient.Closed(4011, "too many guilds"));
            assertThat(gateway.nextEnded().reason())
                    .isEqualTo(new CloseReason(CloseReason.Kind.REQUESTED, "too many guilds"));
            bob.next();
            bob.identify("user:bob");
            gateway.nextReady().session().close(CloseReason.REQUESTED);
            assertThat(bob.closeCode()).isEqualTo(1000);
        }
    }
}
