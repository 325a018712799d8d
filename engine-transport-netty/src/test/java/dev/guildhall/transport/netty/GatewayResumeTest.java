package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients that lose their connection and come back to their session. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.class)
class GatewayResumeTest {

    private static TestGateway open() {
        return TestGateway.open(builder -> builder.sessionOptions(SessionOptions.DEFAULT));
    }

    private static void publish(TestGateway gateway, int from, int to) {
        for (int i = from; i < to; i++) {
            gateway.guild().publish(Event.of("COUNT", String.valueOf(i)));
        }
    }

    private static void expect(TestClient client, int from, int to, int firstSeq) throws Exception {
        for (int i = from; i < to; i++) {
            JsonNode message = client.next();
            assertThat(message.get("d").intValue()).isEqualTo(i);
            assertThat(message.get("s").intValue()).isEqualTo(firstSeq + i - from);
        }
    }

    private static TestClient comeBack(TestGateway gateway, Session session, long seq) throws Exception {
        TestClient client = TestClient.connect(gateway.url());
        assertThat(client.next().get("op").intValue()).isEqualTo(10);
        return client.resume("user:" + session.user(), session.id(), seq);
    }

    private static void expectResumed(TestClient client, int seq) throws Exception {
        JsonNode resumed = client.next();
        assertThat(resumed.get("t").stringValue()).isEqualTo("RESUMED");
        assertThat(resumed.get("s").intValue()).isEqualTo(seq);
    }

    private static void expectInvalid(TestClient client, boolean mayTryAgain) throws Exception {
        JsonNode invalid = client.next();
        assertThat(invalid.get("op").intValue()).isEqualTo(9);
        assertThat(invalid.get("d").booleanValue()).isEqualTo(mayTryAgain);
    }

    /** Joins and answers the session's id by which the client knows it. */
    private static Session join(TestGateway gateway, TestClient client, String user) throws Exception {
        client.next();
        client.identify("user:" + user);
        String id = client.next().get("d").get("session_id").stringValue();
        Session session = gateway.nextReady().session();
        assertThat(session.id()).isEqualTo(id);
        return session;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4000})
    void whatWasMissedComesInOrderThenResumedThenWhatIsNew(int closeCode) throws Exception {
        try (TestGateway gateway = open();
                TestClient first = TestClient.connect(gateway.url())) {
            Session session = join(gateway, first, "ann");
            publish(gateway, 0, 3);
            expect(first, 0, 3, 2);
            if (closeCode == 0) {
                first.cut();
            } else {
                first.leave(closeCode);
            }
            publish(gateway, 3, 10);
            try (TestClient second = comeBack(gateway, session, 3)) {
                expect(second, 2, 10, 4);
                expectResumed(second, 12);
                publish(gateway, 10, 12);
                expect(second, 10, 12, 13);
                second.send("{\"op\":100,\"d\":77}");
                assertThat(second.next().get("d").intValue()).isEqualTo(77);
                second.leave(1000);
                assertThat(gateway.nextEnded().reason()).isEqualTo(CloseReason.CLIENT_LEFT);
            }
        }
    }

    @Test
    void aSessionIsResumedManyTimesOnWhicheverLoop() throws Exception {
        try (TestGateway gateway = open()) {
            TestClient client = TestClient.connect(gateway.url());
            Session session = join(gateway, client, "ann");
            int seq = 1;
            for (int round = 0; round < 20; round++) {
                client.close();
                publish(gateway, round * 5, round * 5 + 5);
                client = comeBack(gateway, session, seq);
                expect(client, round * 5, round * 5 + 5, seq + 1);
                seq += 6;
                expectResumed(client, seq);
            }
            client.close();
        }
    }

    @Test
    void aSecondConnectionTakesTheSessionOver() throws Exception {
        try (TestGateway gateway = open();
                TestClient first = TestClient.connect(gateway.url())) {
            Session session = join(gateway, first, "ann");
            try (TestClient second = comeBack(gateway, session, 1)) {
                expectResumed(second, 2);
                assertThat(first.closeCode()).isEqualTo(4000);
                publish(gateway, 0, 2);
                expect(second, 0, 2, 3);
                assertThat(session.isOpen()).isTrue();
            }
        }
    }

    @Test
    void whoeverIsRefusedMayIdentifyOnTheSameSocket() throws Exception {
        try (TestGateway gateway = open();
                TestClient owner = TestClient.connect(gateway.url());
                TestClient stranger = TestClient.connect(gateway.url())) {
            Session session = join(gateway, owner, "ann");
            stranger.next();
            stranger.resume("user:bob", session.id(), 1);
            expectInvalid(stranger, false);
            stranger.resume("user:ann", "no such session", 1);
            expectInvalid(stranger, false);
            stranger.identify("user:bob");
            assertThat(stranger.next().get("t").stringValue()).isEqualTo("READY");
            stranger.resume("user:ann", session.id(), 1);
            assertThat(stranger.closeCode()).isEqualTo(4005);
            publish(gateway, 0, 1);
            expect(owner, 0, 1, 2);
        }
    }

    @Test
    void aNumberThatWasNeverSentHasItsCloseCodeAndTheSessionGoesOn() throws Exception {
        try (TestGateway gateway = open();
                TestClient first = TestClient.connect(gateway.url())) {
            Session session = join(gateway, first, "ann");
            try (TestClient ahead = comeBack(gateway, session, 2);
                    TestClient negative = comeBack(gateway, session, -1)) {
                assertThat(ahead.closeCode()).isEqualTo(4007);
                assertThat(negative.closeCode()).isEqualTo(4007);
            }
            publish(gateway, 0, 1);
            expect(first, 0, 1, 2);
        }
    }

    @Test
    void whatTheClientHasNoRightToAnyMoreIsNotResumed() throws Exception {
        AtomicBoolean revoked = new AtomicBoolean();
        Authenticator authenticator = new Authenticator() {
            @Override
            public Authentication authenticate(Identify identify) {
                return Authentication.accepted("ann", JsonMapper.shared().createObjectNode());
            }

            @Override
            public boolean mayResume(GatewaySession session, Resume resume) {
                if (revoked.get()) {
                    throw new GatewayException(GatewayCloseCode.AUTHENTICATION_FAILED, "revoked");
                }
                return true;
            }
        };
        try (TestGateway gateway = TestGateway.open(builder ->
                        builder.sessionOptions(SessionOptions.DEFAULT).authenticator(authenticator));
                TestClient first = TestClient.connect(gateway.url())) {
            Session session = join(gateway, first, "ann");
            first.cut();
            try (TestClient second = comeBack(gateway, session, 1)) {
                expectResumed(second, 2);
            }
            revoked.set(true);
            try (TestClient third = comeBack(gateway, session, 2)) {
                expectInvalid(third, false);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"session_id\":\"x\",\"seq\":1}",
                "{\"token\":\"t\",\"seq\":1}",
                "{\"token\":\"t\",\"session_id\":5,\"seq\":1}",
                "{\"token\":\"t\",\"session_id\":\"x\"}",
                "{\"token\":\"t\",\"session_id\":\"x\",\"seq\":1.5}",
                "{\"token\":\"t\",\"session_id\":\"x\",\"seq\":99999999999999999999}"
            })
    void aMalformedResumeIsADecodeError(String data) throws Exception {
        try (TestGateway gateway = open();
                TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            client.send("{\"op\":6,\"d\":" + data + "}");
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @Test
    void aGoodbyeEndsTheSessionAndAMistakeDoesNot() throws Exception {
        try (TestGateway gateway = open();
                TestClient left = TestClient.connect(gateway.url());
                TestClient mistaken = TestClient.connect(gateway.url())) {
            Session gone = join(gateway, left, "ann");
            Session stays = join(gateway, mistaken, "bob");
            left.leave(1001);
            assertThat(gateway.nextEnded().reason()).isEqualTo(CloseReason.CLIENT_LEFT);
            try (TestClient again = comeBack(gateway, gone, 1)) {
                expectInvalid(again, false);
            }
            mistaken.send("nonsense");
            assertThat(mistaken.closeCode()).isEqualTo(4002);
            try (TestClient again = comeBack(gateway, stays, 1)) {
                expectResumed(again, 2);
            }
        }
    }

    @Test
    void aSilentClientMayComeBackAndOneThatDoesNotIsOver() throws Exception {
        SessionOptions options =
                SessionOptions.builder().resumeWindow(Duration.ofSeconds(2)).build();
        try (TestGateway gateway = TestGateway.open(
                        builder -> builder.sessionOptions(options).heartbeatInterval(Duration.ofMillis(500)));
                TestClient first = TestClient.connect(gateway.url())) {
            Session session = join(gateway, first, "ann");
            assertThat(first.closeCode()).isEqualTo(4009);
            try (TestClient second = comeBack(gateway, session, 1)) {
                expectResumed(second, 2);
            }
            assertThat(gateway.nextEnded().reason().kind()).isEqualTo(CloseReason.Kind.RESUME_EXPIRED);
            try (TestClient third = comeBack(gateway, session, 2)) {
                expectInvalid(third, false);
            }
        }
    }

    @Test
    void aClientThatIsAskedToReconnectGetsOpcodeSeven() throws Exception {
        try (TestGateway gateway = open();
                TestClient first = TestClient.connect(gateway.url())) {
            first.next();
            first.identify("user:ann");
            first.next();
            GatewaySession session = gateway.nextReady();
            session.reconnect();
            assertThat(first.next().get("op").intValue()).isEqualTo(7);
            first.leave(4900);
            try (TestClient second = comeBack(gateway, session.session(), 1)) {
                expectResumed(second, 2);
            }
        }
    }

    @Test
    void aSlowClientIsCutAndComesBackToWhatItMissed() throws Exception {
        String payload = "\"" + "x".repeat(10_000) + "\"";
        SessionOptions options = SessionOptions.builder().maxBacklogEvents(256).build();
        try (TestGateway gateway = TestGateway.open(builder -> builder.sessionOptions(options));
                RawClient stalled = RawClient.upgraded(gateway.port())) {
            stalled.read();
            stalled.send("{\"op\":2,\"d\":{\"token\":\"user:stalled\",\"intents\":0}}");
            Session session = gateway.nextReady().session();
            int published = 0;
            while (session.isAttached()) {
                gateway.guild().publish(Event.of("FLOOD", payload));
                published++;
            }
            try (TestClient back = comeBack(gateway, session, 0)) {
                JsonNode first = back.next();
                if (first.get("op").intValue() == 0) { // all that was written is still kept
                    assertThat(first.get("t").stringValue()).isEqualTo("READY");
                    IntStream.range(0, published)
                            .forEach(i -> assertThat(text(back)).isEqualTo("FLOOD"));
                    assertThat(text(back)).isEqualTo("RESUMED");
                } else {
                    assertThat(first.get("op").intValue()).isEqualTo(9);
                }
            }
        }
    }

    private static String text(TestClient client) {
        try {
            return client.next().get("t").stringValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void messagesBeyondTheRateCloseTheClient() throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.messageRate(100, Duration.ofHours(1)));
                TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            for (int i = 0; i < 100; i++) {
                client.send("{\"op\":1,\"d\":null}");
                assertThat(client.next().get("op").intValue()).isEqualTo(11);
            }
            client.send("{\"op\":1,\"d\":null}");
            assertThat(client.closed()).isEqualTo(new TestClient.Closed(4008, "more than 100 messages in 3600 s"));
        }
    }
}
