package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What is no WebSocket gets a small JSON answer. */
@Timeout(60)
@ExtendWith(NothingWrongLogged.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayHttpTest {
    private final TestGateway gateway = TestGateway.open();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterAll
    void close() {
        http.close();
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/gateways", "/gateway/x", "/favicon.ico"})
    void otherPathsAreNotFound(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(JsonMapper.shared().readTree(answer.body()).get("message").stringValue())
                .contains("404");
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.headers().firstValue("server")).isEmpty();
    }

    @Test
    void theGatewayWantsAnUpgrade() throws Exception {
        HttpResponse<String> answer = get("/gateway?v=10");
        assertThat(answer.statusCode()).isEqualTo(426);
        assertThat(answer.headers().firstValue("upgrade")).contains("websocket");
        assertThat(answer.headers().firstValue("sec-websocket-version")).contains("13");
    }

    static List<String> brokenRequests() {
        String good = RawClient.upgradeRequest();
        return List.of(
                "nonsense\r\n\r\n",
                good.replace("v=10", "v=%zz"),
                good.replace("HTTP/1.1", "HTTP/1.0"),
                good.replace("HTTP/1.1\r\n", "HTTP/1.0\r\nContent-Length: 1\r\nContent-Length: 2\r\n"),
                good.replace("Host: localhost\r\n", ""),
                good.replace("Host: localhost\r\n", "Host: localhost\r\nHost: elsewhere\r\n"),
                good.replace("Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 13\r\n".repeat(2)),
                good.replace("Sec-WebSocket-Key", "X-Key"),
                good.replace("Sec-WebSocket-Key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key"),
                good.replace("ZQ==", "ZQ="), // fifteen bytes and a bit
                good.replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="),
                good.replace("dGhlIHNhbXBsZSBub25jZQ==", "************************"),
                good.replace("Connection: Upgrade", "Connection: close"));
    }

    @ParameterizedTest
    @MethodSource("brokenRequests")
    void brokenRequestsAreBad(String request) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            assertThat(client.http(request)).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void headersAreBounded() throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            String request = "GET /gateway HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n";
            assertThat(client.http(request)).startsWith("HTTP/1.1 431 ");
        }
    }

    static List<String> tooLarge() {
        String head = "POST /gateway HTTP/1.1\r\nHost: localhost\r\n";
        String chunk = "2001\r\n" + "x".repeat(0x2001) + "\r\n";
        return List.of(
                head + "Content-Length: 8193\r\n\r\n",
                head + "Content-Length: 8193\r\nExpect: 100-continue\r\n\r\n",
                head + "Transfer-Encoding: chunked\r\n\r\n" + chunk);
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    void bodiesAreBounded(String request) throws Exception {
        assertRefusedAndCut(request, 413);
    }

    @Test
    void anUnknownExpectationIsNotMet() throws Exception {
        assertRefusedAndCut("GET /gateway HTTP/1.1\r\nHost: localhost\r\nExpect: foo\r\n\r\n", 417);
    }

    static List<String> refusedRequests() {
        String end = " HTTP/1.1\r\nHost: localhost\r\n";
        return List.of(
                "GET /nothing" + end + "\r\n",
                "GET /gateway" + end + "\r\n",
                "GET /gateway" + end + "Expect: foo\r\n\r\n",
                "GET /gateway" + end + "Content-Length: 9000\r\n\r\n",
                "GET /gateway" + end + "X: y\r\n".repeat(101) + "\r\n",
                "GET /gateway" + end + "X: " + "x".repeat(20_000) + "\r\n\r\n",
                "GET /gateway/events/x" + end + "\r\n");
    }

    @ParameterizedTest
    @MethodSource("refusedRequests")
    void headIsToldTheSameWithoutTheBody(String get) throws Exception {
        assertHeadIsToldTheSame(gateway, get);
    }

    @Test
    void headIsToldTheSameWhereNobodyIsLetInAnyMore() throws Exception {
        try (TestGateway full = TestGateway.open(b -> b.limits(GatewayLimits.DEFAULT.withConnections(100, 1)));
                RawClient first = RawClient.upgraded(full.port())) {
            assertHeadIsToldTheSame(full, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            first.sendClose(1000);
        }
    }

    private static void assertHeadIsToldTheSame(TestGateway asked, String get) throws Exception {
        try (RawClient client = new RawClient(asked.port());
                RawClient head = new RawClient(asked.port())) {
            String answer = client.http(get);
            assertThat(answer).startsWith("HTTP/1.1 4");
            assertThat(head.http(get.replaceFirst("GET", "HEAD"))).isEqualTo(answer);
            assertThat(client.readToCut()).startsWith("{");
            assertThat(head.readToCut()).isEmpty();
        }
    }

    private void assertRefusedAndCut(String request, int status) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            assertThat(client.http(request))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("content-type: application/json", "connection: close");
            assertThat(client.readToCut()).startsWith("{\"message\":\"" + status + ": ");
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
