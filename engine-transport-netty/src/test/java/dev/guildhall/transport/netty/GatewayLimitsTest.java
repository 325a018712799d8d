package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that are silent, slow, or still there at the end. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.class)
class GatewayLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONGER = Duration.ofSeconds(1);
    private static final long MIB = 1 << 20;

    /** What the transport may hold for one client that does not read, with room for the allocator's chunks. */
    private static final long HELD_LIMIT = 8 * MIB;

    @Test
    void noIdentifyInTime() throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.identifyTimeout(SHORT));
                TestClient client = TestClient.connect(gateway.url())) {
            assertThat(client.closeCode()).isEqualTo(4009);
        }
    }

    @Test
    void identifiedClientsOutliveTheIdentifyLimit() throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.identifyTimeout(LONGER));
                TestClient client = gateway.join("ann");
                TestClient late = TestClient.connect(gateway.url())) {
            assertThat(late.closeCode()).isEqualTo(4009);
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void connectionThatNeverBecomesAWebSocketIsCut() throws Exception {
        GatewayLimits limits = GatewayLimits.DEFAULT.withHandshakeTimeout(SHORT);
        try (TestGateway gateway = TestGateway.open(builder -> builder.limits(limits));
                RawClient client = new RawClient(gateway.port())) {
            client.write("GET /gateway HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.isCut()).isTrue();
            assertThat(gateway.transport().stats().refused(GatewayStats.Refusal.TIMED_OUT))
                    .isOne();
        }
    }

    @Test
    void noHeartbeatInTime() throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.heartbeatInterval(SHORT));
                TestClient client = gateway.join("ann")) {
            assertThat(client.closeCode()).isEqualTo(4009);
            assertThat(gateway.nextEnded().reason().kind()).isEqualTo(CloseReason.Kind.TIMED_OUT);
        }
    }

    @Test
    void heartbeatsKeepAClientAlive() throws Exception {
        try (TestGateway gateway = TestGateway.open(builder -> builder.heartbeatInterval(LONGER));
                TestClient client = gateway.join("ann")) {
            long end = System.nanoTime() + LONGER.multipliedBy(3).toNanos();
            while (System.nanoTime() < end) {
                client.send("{\"op\":1,\"d\":1}");
                assertThat(client.next().get("op").intValue()).isEqualTo(11);
                assertThat(client.poll(Duration.ofMillis(50))).isNull();
            }
            assertThat(client.isOpen()).isTrue();
            assertThat(client.closeCode()).isEqualTo(4009);
        }
    }

    @Test
    void identifyWhileAuthenticating() throws Exception {
        SlowAuthenticator slow = new SlowAuthenticator();
        try (TestGateway gateway = TestGateway.open(builder -> builder.authenticator(slow));
                TestClient client = TestClient.connect(gateway.url())) {
            client.next();
            client.identify("x");
            slow.awaitAsked();
            client.send("{\"op\":1}");
            assertThat(client.next().get("op").intValue()).isEqualTo(11);
            client.identify("x");
            assertThat(client.closeCode()).isEqualTo(4005);
            slow.answer();
            assertThat(gateway.engine().stats().sessionsOpened()).isZero();
        }
    }

    @Test
    void whoIdentifiesWhenTooManyDoMayTryAgain() throws Exception {
        SlowAuthenticator slow = new SlowAuthenticator();
        try (TestGateway gateway = TestGateway.withEventStreams(
                        b -> b.authenticator(slow).limits(GatewayLimits.DEFAULT.withIdentifying(1)));
                TestClient first = TestClient.connect(gateway.url());
                TestClient second = TestClient.connect(gateway.url())) {
            first.next();
            first.identify("any");
            slow.awaitAsked();
            second.next();
            second.identify("any");
            assertThat(second.next().toString()).contains("\"op\":9", "\"d\":false");
            try (EventStreamClient stream = EventStreamClient.open(gateway, "any")) {
                stream.next("HELLO");
                assertThat(stream.next("INVALID_SESSION").get("d").booleanValue())
                        .isTrue();
                stream.atEnd();
            }
            assertThat(gateway.transport().stats().putOff()).isEqualTo(2);
            slow.answer();
            assertThat(first.next().get("t").stringValue()).isEqualTo("READY");
            second.identify("any");
            assertThat(second.next().get("t").stringValue()).isEqualTo("READY");
            try (EventStreamClient stream = EventStreamClient.open(gateway, "any")) {
                stream.ready();
            }
        }
    }

    @Test
    void whoDoesNotTryAgainIsClosedInTime() throws Exception {
        SlowAuthenticator slow = new SlowAuthenticator();
        try (TestGateway gateway = TestGateway.open(b -> b.authenticator(slow)
                        .identifyTimeout(Duration.ofMillis(300))
                        .limits(GatewayLimits.DEFAULT.withIdentifying(1)));
                TestClient first = TestClient.connect(gateway.url())) {
            first.next();
            first.identify("any");
            slow.awaitAsked();
            try (TestClient second = TestClient.connect(gateway.url())) {
                second.next();
                second.identify("any");
                assertThat(second.next().get("op").intValue()).isEqualTo(9);
                assertThat(second.closeCode()).isEqualTo(4009);
            }
            slow.answer();
            assertThat(first.next().get("t").stringValue()).isEqualTo("READY");
        }
    }

    @Test
    void stalledClientIsClosedAndHoldsLittle() throws Exception {
        int events = 20_000;
        String payload = "\"" + "x".repeat(2000) + "\"";
        try (TestGateway gateway = TestGateway.withBacklog(8192);
                RawClient stalled = RawClient.upgraded(gateway.port());
                TestClient reader = gateway.join("reader")) {
            stalled.read();
            stalled.send("{\"op\":2,\"d\":{\"token\":\"user:stalled\",\"intents\":0}}");
            gateway.nextReady();
            long before = directBytes();
            long most = 0;
            for (int i = 0; i < events; i++) {
                gateway.guild().publish(Event.of("FLOOD", payload));
                if (i % 500 == 499) {
                    for (int j = 0; j < 500; j++) {
                        assertThat(reader.next().get("s").intValue()).isEqualTo(i - 499 + j + 2);
                    }
                    most = Math.max(most, directBytes() - before);
                }
            }
            TestGateway.Ended ended = gateway.nextEnded();
            assertThat(ended.user()).isEqualTo("stalled");
            assertThat(ended.reason().kind()).isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
            assertThat(most).isLessThan(HELD_LIMIT);
            assertThat(reader.isOpen()).isTrue();
        }
    }

    @Test
    void slowClientIsToldToComeBack() throws Exception {
        String payload = "\"" + "x".repeat(10_000) + "\"";
        try (TestGateway gateway = TestGateway.withBacklog(128);
                RawClient stalled = RawClient.upgraded(gateway.port())) {
            stalled.read();
            stalled.send("{\"op\":2,\"d\":{\"token\":\"user:stalled\",\"intents\":0}}");
            GatewaySession session = gateway.nextReady();
            while (session.session().isOpen()) {
                gateway.guild().publish(Event.of("FLOOD", payload));
            }
            assertThat(stalled.readToClose().closeCode()).isEqualTo(4000);
        }
    }

    @Test
    void closingTheEngineClosesEveryClient() throws Exception {
        TestGateway gateway = TestGateway.open();
        try (TestClient ann = gateway.join("ann");
                TestClient stranger = TestClient.connect(gateway.url())) {
            stranger.next();
            gateway.guild().publish(Event.of("LAST", "{}"));
            gateway.close();
            assertThat(ann.next().get("t").stringValue()).isEqualTo("LAST");
            assertThat(ann.closeCode()).isEqualTo(1001);
            assertThat(stranger.closeCode()).isEqualTo(1001);
            assertThat(gateway.nextEnded()).isEqualTo(new TestGateway.Ended("ann", CloseReason.ENGINE_CLOSED));
            assertThat(gateway.engine().stats().sessions()).isZero();
        }
    }

    @Test
    void aPortInUseFailsTheEngineAndLeavesNothingBehind() throws InterruptedException {
        try (TestGateway gateway = TestGateway.open()) {
            Set<Thread> before = loopThreads();
            NettyTransport second = NettyTransport.builder()
                    .port(gateway.port())
                    .authenticator(identify -> Authentication.refused("nobody"))
                    .build();
            assertThatThrownBy(() -> Engine.builder().transport(second).open())
                    .isInstanceOf(IllegalStateException.class);
            Set<Thread> left = loopThreads();
            left.removeAll(before);
            for (Thread thread : left) { // whose group says that it has ended a moment before the thread does
                assertThat(thread.join(Duration.ofSeconds(10))).as("%s", thread).isTrue();
            }
        }
    }

    private static Set<Thread> loopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("guildhall-loop"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
