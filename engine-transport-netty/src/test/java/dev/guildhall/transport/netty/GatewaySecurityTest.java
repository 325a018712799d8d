package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.SessionOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What strangers may not do, and what they do not learn. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.class)
class GatewaySecurityTest {
    private static final int CONTINUATION = 0;

    private static String upgrade(@Nullable String origin, String host) {
        return RawClient.upgradeRequest()
                .replace(
                        "Host: localhost\r\n",
                        "Host: " + host + "\r\n" + (origin == null ? "" : "Origin: " + origin + "\r\n"));
    }

    private static TestGateway limited(GatewayLimits limits) {
        return TestGateway.open(builder -> builder.limits(limits));
    }

    // --- origins

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, localhost:8081",
                "http://localhost:8080, localhost:8081",
                "https://Chat.Example, chat.example",
                "http://[::1]:3000, [::1]:8081",
                "https://friend.example, localhost",
                "https://FRIEND.example:443, localhost",
                "http://dev.example:3000, localhost"
            })
    void pagesOfTheSameHostAndAllowedOnesConnect(@Nullable String origin, String host) throws Exception {
        try (TestGateway gateway = TestGateway.open(
                        builder -> builder.allowedOrigins("https://friend.example", "http://dev.example:3000"));
                RawClient client = new RawClient(gateway.port())) {
            assertThat(client.http(upgrade(origin, host))).startsWith("HTTP/1.1 101 ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, localhost",
        "https://localhost.evil.example, localhost",
        "https://friend.example.evil.example, localhost",
        "http://friend.example, localhost",
        "https://friend.example:444, localhost",
        "null, localhost",
        "not an origin, localhost",
        "https://localhost@evil.example, localhost",
        "https://localhost/path, localhost",
        "ftp://localhost, localhost",
        "'', localhost"
    })
    void otherPagesAreForbidden(String origin, String host) throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.allowedOrigins("https://friend.example"));
                RawClient client = new RawClient(gateway.port())) {
            assertThat(client.http(upgrade(origin, host)))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("content-type: application/json", "connection: close");
            assertIsError(client.readToCut(), 403);
            assertThat(gateway.transport().stats().refused(GatewayStats.Refusal.ORIGIN))
                    .isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://localhost\r\nOrigin: https://evil.example\r\n",
                "Origin: https://evil.example\r\nOrigin: http://localhost\r\n"
            })
    void twoOriginsAreNone(String origins) throws Exception {
        try (TestGateway gateway = TestGateway.open();
                RawClient client = new RawClient(gateway.port())) {
            assertThat(client.http(RawClient.upgradeRequest().replace("Upgrade:", origins + "Upgrade:")))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void anyPageConnectsIfAllMay() throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.allowedOrigins("*"));
                RawClient client = new RawClient(gateway.port())) {
            assertThat(client.http(upgrade("https://evil.example", "localhost")))
                    .startsWith("HTTP/1.1 101 ");
        }
    }

    // --- connections

    @Test
    void oneConnectionTooManyIsToldSoAndThePlaceIsFreeAgainLater() throws Exception {
        try (TestGateway gateway = limited(GatewayLimits.DEFAULT.withConnections(2, 1000))) {
            try (RawClient first = RawClient.upgraded(gateway.port());
                    RawClient second = new RawClient(gateway.port());
                    RawClient third = new RawClient(gateway.port())) {
                assertThat(third.http(RawClient.upgradeRequest())).startsWith("HTTP/1.1 503 ");
                assertIsError(third.readToCut(), 503);
                assertThat(second.http(RawClient.upgradeRequest())).startsWith("HTTP/1.1 101 ");
                first.read();
                assertOpenAndTooMany(gateway, 2, 1);
            }
            awaitOpen(gateway, 0);
            RawClient.upgraded(gateway.port()).close();
        }
    }

    @Test
    void oneConnectionTooManyFromAnAddressIsToldSo() throws Exception {
        try (TestGateway gateway = limited(GatewayLimits.DEFAULT.withConnections(1000, 1))) {
            try (RawClient first = RawClient.upgraded(gateway.port());
                    RawClient second = new RawClient(gateway.port())) {
                first.read();
                assertThat(second.http(RawClient.upgradeRequest())).startsWith("HTTP/1.1 429 ");
                assertIsError(second.readToCut(), 429);
                assertThat(gateway.transport().stats().refused(GatewayStats.Refusal.TOO_MANY_FROM_ADDRESS))
                        .isOne();
            }
            awaitOpen(gateway, 0);
            RawClient.upgraded(gateway.port()).close();
        }
    }

    @Test
    void theRefusedHoldLittleAndNotForLong() throws Exception {
        int many = 200;
        List<RawClient> refused = new ArrayList<>();
        try (TestGateway gateway = limited(GatewayLimits.DEFAULT.withConnections(1, 1000));
                RawClient first = RawClient.upgraded(gateway.port())) {
            first.read();
            for (int i = 0; i < many; i++) {
                refused.add(new RawClient(gateway.port()));
            }
            for (RawClient silent : refused) {
                assertThat(silent.isCut()).isTrue();
            }
            assertOpenAndTooMany(gateway, 1, many);
        } finally {
            for (RawClient silent : refused) {
                silent.close();
            }
        }
    }

    private static void assertOpenAndTooMany(TestGateway gateway, int open, int tooMany) {
        GatewayStats stats = gateway.transport().stats();
        assertThat(stats.open()).isEqualTo(open);
        assertThat(stats.refused(GatewayStats.Refusal.TOO_MANY)).isEqualTo(tooMany);
        assertThat(stats.accepted()).isEqualTo(open + tooMany);
    }

    private static void awaitOpen(TestGateway gateway, int count) {
        while (gateway.transport().stats().open() != count) {
            Thread.onSpinWait(); // ends by the class's time limit
        }
    }

    // --- the request

    @Test
    void requestLinesAndHeadersAreBounded() throws Exception {
        String head = "GET /gateway HTTP/1.1\r\n";
        try (TestGateway gateway = limited(GatewayLimits.DEFAULT.withRequest(200, 300, 10))) {
            assertRefused(gateway, "GET /gateway?" + "x".repeat(200) + " HTTP/1.1\r\n\r\n", 414);
            assertRefused(gateway, head + "X: " + "x".repeat(300) + "\r\n\r\n", 431);
            assertRefused(gateway, head + "X: x\r\n".repeat(11) + "\r\n", 431);
            assertRefused(gateway, head + "X: x\r\n".repeat(10) + "\r\n", 426);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /gate",
                "GET /gateway HTTP/1.1\r\nHost: l",
                "POST /gateway HTTP/1.1\r\nContent-Length: 100\r\n\r\nx"
            })
    void slowRequestsAreCut(String beginning) throws Exception {
        Duration limit = Duration.ofMillis(300);
        CountDownLatch cut = new CountDownLatch(1);
        try (TestGateway gateway = limited(GatewayLimits.DEFAULT.withHandshakeTimeout(limit));
                RawClient client = new RawClient(gateway.port())) {
            client.write(beginning.getBytes(StandardCharsets.US_ASCII));
            Thread drip = Thread.startVirtualThread(
                    () -> { // each byte comes before any time-out between two of them
                        try {
                            while (!cut.await(20, TimeUnit.MILLISECONDS)) {
                                client.write(new byte[] {'x'});
                            }
                        } catch (IOException | InterruptedException e) {
                            cut.countDown();
                        }
                    });
            assertThat(client.isCut()).isTrue();
            cut.countDown();
            drip.join();
            assertThat(gateway.transport().stats().refused(GatewayStats.Refusal.TIMED_OUT))
                    .isOne();
        }
    }

    @Test
    void onlyTheFirstRequestOfAConnectionIsAnswered() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                RawClient client = new RawClient(gateway.port())) {
            String request = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";
            assertThat(client.http(request.repeat(5))).startsWith("HTTP/1.1 404 ");
            assertIsError(client.readToCut(), 404);
        }
    }

    // --- the authenticator's mistakes

    @ParameterizedTest
    @ValueSource(ints = {0, 201})
    void aUserIdThatCannotBeOneIsAnInternalError(int length) throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            client.identify("user:" + "x".repeat(length));
            assertThat(client.closed()).isEqualTo(new TestClient.Closed(4000, "internal error"));
        }
    }

    // --- cheap work

    @ParameterizedTest
    @ValueSource(ints = {RawClient.PING, RawClient.PONG, RawClient.TEXT})
    void everyKindOfFrameCountsAsAMessage(int opcode) throws Exception {
        byte[] payload = opcode == RawClient.TEXT ? "{\"op\":1}".getBytes(StandardCharsets.US_ASCII) : new byte[0];
        try (TestGateway gateway = TestGateway.open(builder -> builder.messageRate(20, Duration.ofHours(1)));
                RawClient client = RawClient.upgraded(gateway.port())) {
            client.read();
            for (int i = 0; i < 21; i++) {
                client.write(RawClient.frame(0x80 | opcode, payload));
            }
            assertThat(client.readToClose().closeCode()).isEqualTo(4008);
        }
    }

    @Test
    void aMessageThatNeverEndsIsCutOff() throws Exception {
        try (TestGateway gateway = limited(GatewayLimits.DEFAULT.withMaxFragments(5));
                RawClient client = RawClient.upgraded(gateway.port())) {
            client.read();
            for (int round = 0; round < 3; round++) { // five frames are a message
                client.write(RawClient.frame(RawClient.TEXT, "{\"op\"".getBytes(StandardCharsets.US_ASCII)));
                for (int i = 0; i < 3; i++) {
                    client.write(RawClient.frame(CONTINUATION, new byte[0]));
                }
                client.write(RawClient.frame(0x80 | CONTINUATION, ":1}".getBytes(StandardCharsets.US_ASCII)));
                assertThat(client.read().text()).contains("\"op\":11");
            }
            client.write(RawClient.frame(RawClient.TEXT, new byte[0]));
            for (int i = 0; i < 5; i++) {
                client.write(RawClient.frame(CONTINUATION, new byte[0]));
            }
            assertThat(client.readToClose().closeCode()).isEqualTo(4002);
        }
    }

    // --- tokens that became worthless

    @Test
    void invalidatedTokensEndAllSessionsOfTheUserOnly() throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.sessionOptions(SessionOptions.DEFAULT));
                TestClient phone = gateway.join("ann");
                TestClient gone = TestClient.connect(gateway.url());
                TestClient bob = gateway.join("bob")) {
            gone.next();
            gone.identify("user:ann");
            gone.next();
            String waiting = gateway.nextReady().session().id();
            gone.cut();
            assertThat(gateway.transport().invalidateTokens("nobody")).isZero();
            assertThat(gateway.transport().invalidateTokens("ann")).isEqualTo(2);
            assertThat(phone.closed()).isEqualTo(new TestClient.Closed(4004, "the token is no longer valid"));
            for (int i = 0; i < 2; i++) {
                TestGateway.Ended ended = gateway.nextEnded();
                assertThat(ended.user()).isEqualTo("ann");
                assertThat(ended.reason().kind()).isEqualTo(CloseReason.Kind.REQUESTED);
            }
            try (TestClient back = TestClient.connect(gateway.url())) {
                back.next();
                back.resume("user:ann", waiting, 1);
                assertThat(back.next().toString()).contains("\"op\":9", "\"d\":false");
            }
            assertThat(bob.isOpen()).isTrue();
            bob.send("{\"op\":1}");
            assertThat(bob.next().get("op").intValue()).isEqualTo(11);
        }
    }

    @Test
    void aClientThatIsBeingAskedAboutIsInvalidatedToo() throws Exception {
        SlowAuthenticator slow = new SlowAuthenticator();
        try (TestGateway gateway = TestGateway.open(builder -> builder.authenticator(slow));
                TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            client.identify("old");
            slow.awaitAsked();
            assertThat(gateway.transport().invalidateTokens("ann")).isZero();
            slow.answer();
            assertThat(client.closed()).isEqualTo(new TestClient.Closed(4004, "the token is no longer valid"));
        }
    }

    @Test
    void everyResumeAsksTheApplication() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean good = new AtomicBoolean(true);
        Authenticator asking = new Authenticator() {
            @Override
            public Authentication authenticate(Identify identify) {
                return Authentication.accepted("ann", JsonMapper.shared().createObjectNode());
            }

            @Override
            public boolean mayResume(GatewaySession session, Resume resume) {
                asked.incrementAndGet();
                return good.get();
            }
        };
        try (TestGateway gateway =
                TestGateway.open(builder -> builder.authenticator(asking).sessionOptions(SessionOptions.DEFAULT))) {
            TestClient client = TestClient.connect(gateway.url());
            client.next();
            client.identify("any");
            client.next();
            String id = gateway.nextReady().session().id();
            for (int round = 1; round <= 3; round++) {
                client.cut();
                client = TestClient.connect(gateway.url());
                client.next();
                client.resume("any", id, round);
                assertThat(client.next().get("t").stringValue()).isEqualTo("RESUMED");
                assertThat(asked).hasValue(round);
            }
            good.set(false);
            client.cut();
            try (TestClient late = TestClient.connect(gateway.url())) {
                late.next();
                late.resume("any", id, 4);
                assertThat(late.next().toString()).contains("\"op\":9", "\"d\":false");
            }
        }
    }

    // --- what is not told

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /gateway HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "nonsense\r\n\r\n",
                "GET /gateway HTTP/9.9\r\n\r\n",
                "GET /gateway HTTP/1.1\r\nExpect: x\r\n\r\n",
                "POST /gateway HTTP/1.1\r\nContent-Length: 9999\r\n\r\n",
                "POST /gateway HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "GET /gateway?v=%zz HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
            })
    void refusalsNameNoSoftwareNoVersionAndNoCode(String request) throws Exception {
        try (TestGateway gateway = TestGateway.open();
                RawClient client = new RawClient(gateway.port())) {
            assertTellsNothing(client.http(request) + client.readToCut());
        }
    }

    @Test
    void neitherDoUpgradesAndFailuresOfTheApplication() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                RawClient client = new RawClient(gateway.port())) {
            assertTellsNothing(client.http(RawClient.upgradeRequest()));
            client.read();
            client.send("{\"op\":2,\"d\":{\"token\":\"broken:token\",\"intents\":0}}");
            RawClient.Frame close = client.readToClose();
            assertThat(close.closeCode()).isEqualTo(4000);
            assertTellsNothing(close.text().substring(2));
        }
    }

    private static void assertTellsNothing(String answer) {
        assertThat(answer.toLowerCase(Locale.ROOT))
                .isNotEmpty()
                .doesNotContain(
                        "server:", "x-powered-by", "netty", "guildhall", "exception", "java", "\tat ", "jackson");
    }

    private static void assertRefused(TestGateway gateway, String request, int status) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            assertThat(client.http(request)).startsWith("HTTP/1.1 " + status + " ");
            assertIsError(client.readToCut(), status);
        }
    }

    private static void assertIsError(String body, int status) {
        assertThat(JsonMapper.shared().readTree(body).get("message").stringValue())
                .startsWith(status + ": ");
        assertThat(body).endsWith("\"code\":0}");
    }
}
