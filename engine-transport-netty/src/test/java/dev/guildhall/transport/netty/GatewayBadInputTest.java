package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mistake has its close code, and a witness that did nothing wrong is served on. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayBadInputTest {
    private static final int BLOCK = 101;
    private static final int FAIL = 102;
    private static final int FAIL_CODED = 103;
    private static final int BACKLOG = 4;

    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch unblock = new CountDownLatch(1);
    private final BlockingQueue<Integer> handled = new LinkedBlockingQueue<>();
    private TestGateway gateway = TestGateway.open(this::configure);
    private TestClient witness = connectWitness();

    private NettyTransportBuilder configure(NettyTransportBuilder builder) {
        return builder.sessionOptions(TestGateway.NO_RESUME.toBuilder()
                        .maxWaitingCommands(BACKLOG)
                        .build())
                .opcode(BLOCK, (session, data) -> {
                    blocked.countDown();
                    assertThat(unblock.await(30, TimeUnit.SECONDS)).isTrue();
                    handled.add(data.intValue());
                })
                .opcode(FAIL, (session, data) -> {
                    throw new IllegalStateException("broken handler");
                })
                .opcode(FAIL_CODED, (session, data) -> {
                    throw new GatewayException(GatewayCloseCode.INVALID_SEQ, "no such thing");
                });
    }

    private TestClient connectWitness() {
        try {
            return gateway.join("witness");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void witnessIsServed() throws Exception {
        gateway.guild().publish(Event.of("STILL_HERE", "{}"));
        assertThat(witness.next().get("t").stringValue()).isEqualTo("STILL_HERE");
    }

    @AfterAll
    void close() {
        witness.close();
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"op\":          | 4002",
                "hello             | 4002",
                "[1]               | 4002",
                "{\"d\":1}         | 4002",
                "{\"op\":\"1\"}    | 4002",
                "{\"op\":5}        | 4001",
                "{\"op\":42}       | 4001",
                "{\"op\":0}        | 4001",
                "{\"op\":10}       | 4001",
                "{\"op\":-1}       | 4001",
                "{\"op\":3,\"d\":{\"status\":\"idle\"}} | 4003",
                "{\"op\":8,\"d\":{}}   | 4003",
                "{\"op\":100,\"d\":{}} | 4003",
                "{\"op\":2}            | 4002",
                "{\"op\":2,\"d\":{\"intents\":0}} | 4002",
                "{\"op\":2,\"d\":{\"token\":\"wrong\",\"intents\":0}}     | 4004",
                "{\"op\":2,\"d\":{\"token\":\"limited:x\",\"intents\":0}} | 4014",
                "{\"op\":2,\"d\":{\"token\":\"broken:x\",\"intents\":0}}  | 4000",
                "{\"op\":2,\"d\":{\"token\":\"user:x\"}}                  | 4013",
                "{\"op\":2,\"d\":{\"token\":\"user:x\",\"intents\":0,\"shard\":[3,2]}} | 4010"
            })
    void messageThatIsWrongBeforeIdentify(String text, int code) throws Exception {
        try (TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            client.send(text);
            assertThat(client.closeCode()).isEqualTo(code);
            assertThat(client.closed().reason()).isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"op\":2,\"d\":{\"token\":\"user:mallory\",\"intents\":0}} | 4005 | PROTOCOL_ERROR",
                "{\"op\":6,\"d\":{}} | 4005 | PROTOCOL_ERROR",
                "{\"op\":77}         | 4001 | PROTOCOL_ERROR",
                "nonsense            | 4002 | PROTOCOL_ERROR",
                "{\"op\":102}        | 4000 | REQUESTED",
                "{\"op\":103}        | 4007 | REQUESTED"
            })
    void messageThatIsWrongAfterIdentify(String text, int code, CloseReason.Kind kind) throws Exception {
        try (TestClient client = gateway.join("mallory")) {
            client.send(text);
            assertThat(client.closeCode()).isEqualTo(code);
            TestGateway.Ended ended = gateway.nextEnded();
            assertThat(ended.user()).isEqualTo("mallory");
            assertThat(ended.reason().kind()).isEqualTo(kind);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'?v=9&encoding=json', 4012",
        "'?v=3', 4012",
        "'?v=', 4012",
        "'?v=10&v=9', 4012",
        "'?v=10&encoding=etf', 4002",
    })
    void versionAndEncodingAreCheckedBeforeHello(String query, int code) throws Exception {
        try (TestClient client = TestClient.connect(gateway.url(), query)) {
            assertThat(client.closeCode()).isEqualTo(code);
            assertThat(client.poll(Duration.ZERO)).isNull();
        }
    }

    @Test
    void binaryMessage() throws Exception {
        try (TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            client.socket()
                    .sendBinary(ByteBuffer.wrap("{\"op\":1}".getBytes(StandardCharsets.UTF_8)), true)
                    .get(10, TimeUnit.SECONDS);
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @Test
    void messageAtTheLimitIsFineAndAboveIsNot() throws Exception {
        try (TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            String start = "{\"op\":1,\"d\":null}";
            client.send(start + " ".repeat(NettyTransport.DEFAULT_MAX_INBOUND_BYTES - start.length()));
            assertThat(client.next().get("op").intValue()).isEqualTo(11);
            client.send(start + " ".repeat(NettyTransport.DEFAULT_MAX_INBOUND_BYTES - start.length() + 1));
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @Test
    void fragmentsTogetherAreBoundedToo() throws Exception {
        try (TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            String part = " ".repeat(2000);
            client.socket().sendText(part, false).get(10, TimeUnit.SECONDS);
            client.socket().sendText(part, false).get(10, TimeUnit.SECONDS);
            client.socket().sendText(part, false).get(10, TimeUnit.SECONDS);
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 02 68 69", // not masked
                "f1 80 00 00 00 00", // reserved bits
                "83 80 00 00 00 00", // reserved opcode
                "80 80 00 00 00 00", // a continuation of nothing
                "81 ff ff ff ff ff ff ff ff ff 00 00 00 00", // a length below zero
                "88 81 00 00 00 00 01", // a close frame with half a code
                "89 fe 00 80 00 00 00 00" // a ping above 125 bytes
            })
    void brokenFrame(String hex) throws Exception {
        try (RawClient client = RawClient.upgraded(gateway.port())) {
            assertThat(client.read().text()).contains("heartbeat_interval");
            client.write(HexFormat.ofDelimiter(" ").parseHex(hex));
            assertThat(client.readToClose().closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void binaryGarbage() throws Exception {
        byte[] garbage = new byte[10_000];
        new Random(42).nextBytes(garbage);
        garbage[0] = (byte) 0xFF;
        try (RawClient client = RawClient.upgraded(gateway.port())) {
            client.read();
            client.write(garbage);
            assertThat(client.readToClose().closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void framesAfterCloseAreIgnored() throws Exception {
        try (RawClient client = RawClient.upgraded(gateway.port())) {
            client.read();
            client.send("{\"op\":2,\"d\":{\"token\":\"user:leaver\",\"intents\":0}}");
            assertThat(client.read().text()).contains("READY");
            gateway.nextReady();
            byte[] goodbye = RawClient.frame(0x88, new byte[] {0x03, (byte) 0xE8});
            byte[] post = RawClient.frame(0x81, "{\"op\":100,\"d\":{}}".getBytes(StandardCharsets.UTF_8));
            client.write(ByteBuffer.allocate(goodbye.length + post.length)
                    .put(goodbye)
                    .put(post)
                    .array());
            assertThat(client.read().closeCode()).isEqualTo(1000);
            assertThat(client.isCut()).isTrue();
            assertThat(gateway.nextEnded()).isEqualTo(new TestGateway.Ended("leaver", CloseReason.CLIENT_LEFT));
        }
    }

    @Test
    void framesAfterOurCloseAreIgnored() throws Exception {
        try (RawClient client = RawClient.upgraded(gateway.port())) {
            client.read();
            client.send("nonsense");
            client.send("{\"op\":1}");
            assertThat(client.read().closeCode()).isEqualTo(4002);
            client.send("{\"op\":1}");
            client.sendClose(4002);
            assertThat(client.isCut()).isTrue();
        }
    }

    @Test
    void aClientThatDoesNotAnswerOurCloseIsCut() throws Exception {
        try (RawClient client = RawClient.upgraded(gateway.port())) {
            client.read();
            client.send("nonsense");
            assertThat(client.read().closeCode()).isEqualTo(4002);
            assertThat(client.isCut()).isTrue();
        }
    }

    @Test
    void closeOfTheClientsOwnIsHonoured() throws Exception {
        try (TestClient client = gateway.join("breaker")) {
            client.leave(4000);
            assertThat(client.closeCode()).isEqualTo(4000);
            assertThat(gateway.nextEnded().reason().kind()).isEqualTo(CloseReason.Kind.CONNECTION_LOST);
        }
    }

    @Test
    void aLinkThatIsCutEndsItsSession() throws Exception {
        TestClient client = gateway.join("gone");
        client.close();
        assertThat(gateway.nextEnded()).isEqualTo(new TestGateway.Ended("gone", CloseReason.CONNECTION_LOST));
    }

    @Test
    void commandsAboveTheBacklog() throws Exception {
        try (TestClient client = gateway.join("flooder")) {
            client.send("{\"op\":101,\"d\":0}");
            assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 1; i <= BACKLOG + 1; i++) {
                client.send("{\"op\":101,\"d\":" + i + "}");
            }
            assertThat(client.closeCode()).isEqualTo(4008);
            unblock.countDown();
            assertThat(gateway.nextEnded().user()).isEqualTo("flooder");
            assertThat(handled).containsExactly(0); // what waits is dropped with the session
        }
    }
}
