package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.transport.netty.GatewayStats.State;
import dev.guildhall.transport.netty.GatewayStats.WritePath;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who run a gateway ask it, and what it tells them. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.class)
class GatewayOperationTest {

    private static String request(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** The whole answer, to the end of the connection. */
    private static String ask(TestGateway gateway, String request) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            return client.http(request) + client.readToCut();
        }
    }

    // --- health

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/ready", "/health/ready/", "/health/ready?verbose=1"})
    void itIsWell(String target) throws Exception {
        try (TestGateway gateway = TestGateway.open()) {
            assertThat(ask(gateway, request("GET", target)))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\n{\"status\":\"up\"}")
                    .doesNotContainIgnoringCase("server:", "netty", "guildhall");
            assertThat(ask(gateway, request("HEAD", target)))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("content-length: 15")
                    .endsWith("\r\n\r\n");
            assertThat(ask(gateway, request("POST", target))).startsWith("HTTP/1.1 405 ");
        }
    }

    @Test
    void aDrainedGatewayLivesAndIsNotReady() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient ann = gateway.join("ann")) {
            gateway.transport().drain(new DrainOptions(1, Duration.ofMillis(10), Duration.ofHours(1)));
            assertThat(ann.next().get("op").intValue()).isEqualTo(7);
            assertThat(ask(gateway, request("GET", "/health/ready")))
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("\r\n\r\n{\"status\":\"down\"}");
            assertThat(ask(gateway, request("GET", "/health/live"))).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void healthHasOtherPathsOrNone() throws Exception {
        try (TestGateway gateway = TestGateway.open(b -> b.health(HealthOptions.DEFAULT.withPaths("/l", "/r/")))) {
            assertThat(ask(gateway, request("GET", "/l"))).startsWith("HTTP/1.1 200 ");
            assertThat(ask(gateway, request("GET", "/r"))).startsWith("HTTP/1.1 200 ");
            assertThat(ask(gateway, request("GET", "/health/live"))).startsWith("HTTP/1.1 404 ");
        }
        try (TestGateway gateway = TestGateway.open(b -> b.health(HealthOptions.OFF))) {
            assertThat(ask(gateway, request("GET", "/health/live"))).startsWith("HTTP/1.1 404 ");
        }
        assertThatThrownBy(() -> HealthOptions.DEFAULT.withPaths("live", "/r")).hasMessageContaining("livePath");
        assertThatThrownBy(() -> HealthOptions.DEFAULT.withPaths("/l", "/l/")).hasMessageContaining("the same");
    }

    @Test
    void aFullGatewayLivesAndTakesNobody() throws Exception {
        for (GatewayLimits limits : new GatewayLimits[] {
            GatewayLimits.DEFAULT.withConnections(1, 1), GatewayLimits.DEFAULT.withConnections(100, 1)
        }) {
            try (TestGateway gateway = TestGateway.open(b -> b.limits(limits));
                    TestClient ann = gateway.join("ann")) {
                assertThat(ask(gateway, request("GET", "/health/live")))
                        .startsWith("HTTP/1.1 200 ")
                        .endsWith("\r\n\r\n{\"status\":\"up\"}");
                assertThat(ask(gateway, request("HEAD", "/health/live")))
                        .startsWith("HTTP/1.1 200 ")
                        .endsWith("\r\n\r\n");
                for (String other : new String[] {"/health/ready", "/health/lives", "/health/live/x", "/"}) {
                    assertThat(ask(gateway, request("GET", other)))
                            .startsWith(limits.maxConnections() == 1 ? "HTTP/1.1 503 " : "HTTP/1.1 429 ");
                }
                assertThat(ann.isOpen()).isTrue();
            }
            try (TestGateway gateway = TestGateway.open(b -> b.limits(limits).health(HealthOptions.OFF));
                    TestClient ann = gateway.join("ann")) {
                assertThat(ask(gateway, request("GET", "/health/live"))).doesNotContain(" 200 ");
                assertThat(ann.isOpen()).isTrue();
            }
        }
    }

    // --- other requests

    @Test
    void theApplicationAnswersOtherRequests() throws Exception {
        HttpHandler handler = request -> switch (request.path()) {
            case "/echo" ->
                HttpHandler.Response.of(
                        201,
                        "text/plain",
                        request.method()
                                + request.query()
                                + request.headers().get("x-y")
                                + new String(request.body(), StandardCharsets.UTF_8)
                                + request.address());
            case "/fail" -> throw new IllegalStateException("secret");
            case "/broken" -> HttpHandler.Response.of(200, "text/plain\r\nX: y", "");
            default -> null;
        };
        try (TestGateway gateway = TestGateway.open(b -> b.http(handler))) {
            assertThat(ask(gateway, """
                            POST /echo?a=1&b=2&a=%33 HTTP/1.1
                            Host: localhost
                            X-Y: 1
                            x-y: 2
                            Content-Length: 4

                            body""".replace("\n", "\r\n")))
                    .startsWith("HTTP/1.1 201 ")
                    .contains("content-type: text/plain")
                    .endsWith("\r\n\r\nPOST{a=[1, 3], b=[2]}[1, 2]body/127.0.0.1");
            assertThat(ask(gateway, request("HEAD", "/echo")))
                    .contains("content-length: ")
                    .endsWith("\r\n\r\n");
            assertThat(ask(gateway, request("GET", "/none"))).startsWith("HTTP/1.1 404 ");
            assertThat(ask(gateway, request("GET", "/echo?a=%zz"))).startsWith("HTTP/1.1 400 ");
            for (String path : List.of("/fail", "/broken")) {
                assertThat(ask(gateway, request("GET", path)))
                        .startsWith("HTTP/1.1 500 ")
                        .endsWith("{\"message\":\"500: internal error\",\"code\":0}");
            }
            assertThat(ask(gateway, request("GET", "/health/live"))).startsWith("HTTP/1.1 200 ");
            assertThat(ask(gateway, request("GET", "/gateway"))).startsWith("HTTP/1.1 426 ");
        }
    }

    @Test
    void aConnectionCarriesOneRequestHoweverSlowItsAnswer() throws Exception {
        CountDownLatch second = new CountDownLatch(2);
        HttpHandler handler = request -> {
            second.countDown();
            return HttpHandler.Response.of(200, "text/plain", "once");
        };
        try (TestGateway gateway = TestGateway.open(b -> b.http(handler))) {
            assertThat(ask(gateway, request("GET", "/x").repeat(5))).endsWith("\r\n\r\nonce");
            assertThat(second.getCount()).isOne();
        }
    }

    @Test
    void anAnswerThatTakesTooLongIsNone() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        HttpHandler handler = request -> {
            end.await();
            return null;
        };
        GatewayLimits limits = GatewayLimits.DEFAULT.withHandshakeTimeout(Duration.ofMillis(200));
        try (TestGateway gateway = TestGateway.open(b -> b.http(handler).limits(limits));
                RawClient client = new RawClient(gateway.port())) {
            client.write(request("GET", "/x").getBytes(StandardCharsets.US_ASCII));
            assertThat(client.isCut()).isTrue();
            end.countDown();
        }
    }

    // --- access log

    @Test
    void eachRequestAndEachConnectionIsTold() throws Exception {
        AccessLogRecorder log = new AccessLogRecorder();
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (TestGateway gateway = TestGateway.open(b -> b.accessLog(log))) {
            try (RawClient client = new RawClient(gateway.port())) {
                client.http(request("GET", "/gateway/../x?token=secret"));
            }
            AccessLog.Request request = log.nextRequest();
            assertThat(request)
                    .isEqualTo(new AccessLog.Request(loopback, "GET", "/gateway/../x", 404, request.duration()));
            assertThat(log.nextClosed())
                    .matches(closed -> closed.closeCode() == 0
                            && closed.path().equals("/gateway/../x")
                            && closed.messagesReceived() == 0);

            try (RawClient client = RawClient.upgraded(gateway.port())) {
                client.read();
                client.send("{\"op\":1}");
                client.read();
                client.sendClose(4321);
                assertThat(client.readToClose().closeCode()).isEqualTo(4321);
            }
            assertThat(log.nextRequest())
                    .matches(
                            upgrade -> upgrade.status() == 101 && upgrade.path().equals("/gateway"));
            assertThat(log.nextClosed()).satisfies(closed -> {
                assertThat(closed.closeCode()).isEqualTo(4321);
                assertThat(closed.path()).isEqualTo("/gateway");
                assertThat(closed.messagesReceived()).isOne();
                assertThat(closed.bytesReceived()).isEqualTo(8);
                assertThat(closed.duration()).isPositive();
            });

            try (RawClient client = new RawClient(gateway.port())) {
                client.http("rubbish\r\n\r\n");
            }
            assertThat(log.nextRequest())
                    .matches(broken -> broken.status() == 400
                            && broken.path().isEmpty()
                            && broken.method().isEmpty());
            assertThat(log.nextClosed().closeCode()).isZero();
            RawClient.upgraded(gateway.port()).close();
            assertThat(log.nextRequest().status()).isEqualTo(101);
            assertThat(log.nextClosed().closeCode()).isEqualTo(GatewayStats.NO_CLOSE_FRAME);
            assertThat(log.hasMore()).isFalse();
        }
    }

    @Test
    void theForwardedAddressIsLogged() throws Exception {
        AccessLogRecorder log = new AccessLogRecorder();
        ProxyOptions proxies = ProxyOptions.NONE.withForwardedForFrom("127.0.0.1");
        try (TestGateway gateway = TestGateway.open(b -> b.accessLog(log).proxies(proxies))) {
            ask(gateway, request("GET", "/").replace("Host", "X-Forwarded-For: 203.0.113.7\r\nHost"));
            assertThat(log.nextRequest().address()).isEqualTo(InetAddress.ofLiteral("203.0.113.7"));
            assertThat(log.nextClosed().address()).isEqualTo(InetAddress.ofLiteral("203.0.113.7"));
        }
    }

    @Test
    void anAccessLogThatFailsChangesNothing() throws Exception {
        AccessLog broken = new AccessLog() {
            @Override
            public void request(Request request) {
                throw new IllegalStateException("disk full");
            }

            @Override
            public void closed(Connection connection) {
                throw new IllegalStateException("disk full");
            }
        };
        try (TestGateway gateway = TestGateway.open(b -> b.accessLog(broken))) {
            gateway.join("ann").close();
            gateway.join("ben").close();
        }
    }

    // --- stats

    @Test
    void connectionsAreCountedByTheirState() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                RawClient silent = new RawClient(gateway.port());
                RawClient greeted = RawClient.upgraded(gateway.port());
                TestClient ann = gateway.join("ann")) {
            greeted.read();
            awaitStates(gateway, Map.of(State.HANDSHAKING, 1, State.OPEN, 1, State.IDENTIFIED, 1, State.CLOSING, 0));
            WritePath expected = gateway.transport().io() == IoMode.EPOLL ? WritePath.SOCKET : WritePath.CHANNEL;
            assertThat(gateway.transport().stats().writePaths()).containsEntry(expected, 1);
            greeted.send("rubbish");
            assertThat(greeted.readToClose().closeCode()).isEqualTo(4002);
            awaitStates(gateway, Map.of(State.HANDSHAKING, 1, State.OPEN, 0, State.IDENTIFIED, 1, State.CLOSING, 1));
            ann.leave(1000);
            silent.http("rubbish\r\n\r\n");
            awaitStates(gateway, Map.of(State.HANDSHAKING, 0, State.OPEN, 0, State.IDENTIFIED, 0, State.CLOSING, 0));
            GatewayStats stats = gateway.transport().stats();
            assertThat(stats.writePaths())
                    .containsOnly(Map.entry(WritePath.SOCKET, 0), Map.entry(WritePath.CHANNEL, 0));
            assertThat(stats.closed()).isEqualTo(Map.of(4002, 1L, 1000, 1L));
            assertThat(stats.accepted()).isEqualTo(3);
            assertThat(stats.messagesReceived()).isEqualTo(2);
            assertThat(stats.bytesReceived()).isPositive();
        }
    }

    @Test
    void whatIsWrongInTheQueryIsAClosedWebSocketToo() throws Exception {
        try (TestGateway gateway = TestGateway.open();
                TestClient client = TestClient.connect(gateway.url(), "?v=3")) {
            assertThat(client.closeCode()).isEqualTo(4012);
            awaitStates(gateway, Map.of(State.HANDSHAKING, 0, State.OPEN, 0, State.IDENTIFIED, 0, State.CLOSING, 0));
            assertThat(gateway.transport().stats().closed()).isEqualTo(Map.of(4012, 1L));
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL, SOCKET", "NIO, CHANNEL"})
    void theWayToTheSocketIsTold(IoMode io, WritePath path) throws Exception {
        try (TestGateway gateway = TestGateway.open(b -> b.io(io));
                TestClient ann = gateway.join("ann")) {
            assertThat(ann.isOpen()).isTrue();
            GatewayStats stats = gateway.transport().stats();
            assertThat(stats.writePaths()).containsEntry(stats.io() == io ? path : WritePath.CHANNEL, 1);
        }
    }

    private static void awaitStates(TestGateway gateway, Map<State, Integer> expected) {
        while (!gateway.transport().stats().connections().equals(expected)) {
            Thread.onSpinWait(); // ends by the class's time limit
        }
    }
}
