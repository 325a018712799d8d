package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.CloseReason;
import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import dev.guildhall.transport.netty.GatewayStats.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that are sent away, and those who do not go. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.Strict.class)
class GatewayDrainTest {
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration LATE = Duration.ofMinutes(30);
    private static final int RECONNECT = 7;

    private static DrainOptions grace(Duration time) {
        return new DrainOptions(100, SOON, time);
    }

    private static DrainedGateway result(CompletionStage<DrainedGateway> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static void awaitOpen(TestGateway gateway, int count) {
        while (gateway.transport().stats().open() != count) {
            Thread.onSpinWait(); // ends by the class's time limit
        }
    }

    @Test
    void clientsThatGoWhenAskedEndTheDrain() throws Exception {
        try (TestGateway gateway = TestGateway.open(b -> b.sessionOptions(SessionOptions.DEFAULT));
                TestClient ann = gateway.join("ann");
                TestClient ben = gateway.join("ben")) {
            CompletionStage<DrainedGateway> drained = gateway.transport().drain(grace(LATE));
            for (TestClient client : List.of(ann, ben)) {
                assertThat(client.next().get("op").intValue()).isEqualTo(RECONNECT);
                assertThat(drained.toCompletableFuture()).isNotDone();
                client.leave(4000);
            }
            assertThat(result(drained)).isEqualTo(new DrainedGateway(2, 2, 0, 0));
            assertThat(gateway.engine().stats().sessions()).isEqualTo(2); // they can come back
        }
    }

    @Test
    void clientsThatStayAreClosedAndKeepTheirSessions() throws Exception {
        try (TestGateway gateway = TestGateway.open(b -> b.sessionOptions(SessionOptions.DEFAULT));
                TestClient ann = gateway.join("ann");
                TestClient stranger = TestClient.connect(gateway.url());
                RawClient silent = new RawClient(gateway.port());
                RawClient deaf = RawClient.upgraded(gateway.port())) {
            stranger.next();
            awaitOpen(gateway, 4);
            CompletionStage<DrainedGateway> drained = gateway.transport().drain(grace(SOON));
            assertThat(ann.next().get("op").intValue()).isEqualTo(RECONNECT);
            assertThat(stranger.next().get("op").intValue()).isEqualTo(RECONNECT);
            assertThat(ann.closed().code()).isEqualTo(4000);
            assertThat(ann.closed().reason()).contains("resume");
            assertThat(stranger.closeCode()).isEqualTo(4000);
            assertThat(silent.isCut()).isTrue();
            assertThat(result(drained)).isEqualTo(new DrainedGateway(4, 0, 4, 0)); // who answers no close frame is cut
            assertThat(deaf.readToClose().closeCode()).isEqualTo(4000);
            assertThat(gateway.engine().stats().sessions()).isOne();
            assertThat(gateway.transport().stats().closed()).isEqualTo(Map.of(4000, 3L));
        }
    }

    @Test
    void drainingTwiceIsDrainingOnce() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient ann = gateway.join("ann")) {
            CompletionStage<DrainedGateway> first = gateway.transport().drain(grace(LATE));
            CompletionStage<DrainedGateway> second = gateway.transport().drain(grace(SOON));
            assertThat(ann.next().get("op").intValue()).isEqualTo(RECONNECT);
            assertThat(ann.poll(Duration.ofMillis(300))).isNull();
            assertThat(ann.isOpen()).isTrue();
            ann.leave(1000);
            assertThat(result(first)).isEqualTo(new DrainedGateway(1, 1, 0, 0)).isEqualTo(result(second));
            assertThat(gateway.nextEnded().reason()).isEqualTo(CloseReason.CLIENT_LEFT);
        }
    }

    @Test
    void nobodyIsLetInWhileThePortStaysOpen() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient ann = gateway.join("ann");
                RawClient onItsWay = new RawClient(gateway.port())) {
            awaitOpen(gateway, 2);
            assertThat(gateway.transport().isReady()).isTrue();
            CompletionStage<DrainedGateway> drained = gateway.transport().drain(grace(LATE));
            assertThat(gateway.transport().isReady()).isFalse();
            assertThat(onItsWay.http(RawClient.upgradeRequest())).startsWith("HTTP/1.1 503 ");
            try (RawClient late = new RawClient(gateway.port())) {
                assertThat(late.http(RawClient.upgradeRequest())).startsWith("HTTP/1.1 503 ");
            }
            assertThat(gateway.transport().stats().refused(Refusal.NOT_READY)).isEqualTo(2);
            ann.cut();
            assertThat(result(drained).left()).isEqualTo(2);
        }
    }

    @Test
    void whoIdentifiesAfterBeingAskedIsServedUntilTheEnd() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient ann = TestClient.connect(gateway.url())) {
            ann.next();
            CompletionStage<DrainedGateway> drained = gateway.transport().drain(grace(Duration.ofSeconds(2)));
            assertThat(ann.next().get("op").intValue()).isEqualTo(RECONNECT);
            ann.identify("user:ann");
            assertThat(ann.next().get("t").stringValue()).isEqualTo("READY");
            assertThat(gateway.transport().stats().connections()).containsEntry(State.IDENTIFIED, 1);
            assertThat(ann.closeCode()).isEqualTo(4000);
            assertThat(result(drained).closed()).isOne();
        }
    }

    @Test
    void batchesAreApart() throws Exception {
        int count = 5;
        Duration interval = Duration.ofMillis(400);
        List<TestClient> clients = new ArrayList<>();
        try (TestGateway gateway = TestGateway.open()) {
            for (int i = 0; i < count; i++) {
                clients.add(gateway.join("user" + i));
            }
            long begun = System.nanoTime();
            CompletionStage<DrainedGateway> drained = gateway.transport().drain(new DrainOptions(1, interval, SOON));
            for (TestClient client : clients) {
                client.next();
            }
            assertThat(System.nanoTime() - begun)
                    .isGreaterThan(interval.dividedBy(2).multipliedBy(count - 1).toNanos());
            assertThat(result(drained).connections()).isEqualTo(count);
        } finally {
            clients.forEach(TestClient::close);
        }
    }

    @Test
    void nobodyIsSoonGone() throws Exception {
        try (TestGateway gateway = TestGateway.open()) {
            assertThat(result(gateway.transport().drain(DrainOptions.DEFAULT)))
                    .isEqualTo(new DrainedGateway(0, 0, 0, 0));
        }
    }

    @Test
    void theEndOfTheEngineEndsTheDrain() throws Exception {
        TestGateway gateway = TestGateway.open();
        try (TestClient ann = gateway.join("ann")) {
            CompletionStage<DrainedGateway> drained = gateway.transport().drain(grace(LATE));
            assertThat(ann.next().get("op").intValue()).isEqualTo(RECONNECT);
            gateway.close();
            assertThat(ann.closeCode()).isEqualTo(1001);
            assertThat(result(drained).connections()).isOne();
            assertThat(gateway.transport().drain(grace(SOON))).isNotNull();
        }
    }

    @Test
    void thereIsNothingToDrainBeforeTheEngineHasOpened() {
        NettyTransport transport = NettyTransport.builder()
                .authenticator(identify -> Authentication.refused("nobody"))
                .build();
        assertThat(transport.isReady()).isFalse();
        assertThatThrownBy(() -> transport.drain(DrainOptions.DEFAULT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("opened");
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new DrainOptions(0, SOON, SOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("batchSize", "1000000", "0");
        assertThatThrownBy(() -> new DrainOptions(1, Duration.ZERO, SOON)).hasMessageContaining("interval");
        assertThatThrownBy(() -> new DrainOptions(1, SOON, Duration.ofDays(1))).hasMessageContaining("grace");
    }
}
