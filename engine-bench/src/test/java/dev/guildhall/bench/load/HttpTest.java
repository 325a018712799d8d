package dev.guildhall.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.guildhall.SessionOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads that make their users and publish by HTTP. */
@Timeout(60)
class HttpTest {
    private static final String SCENARIO = """
            prepare:
              once:
                - post: ${api}/rooms
                  take: {room: /room/id}
              users: 3
              each-user:
                - post: ${api}/users?room=${room}
                  body: 'user ${user} of ${run}'
                  take: {token: /token}
            connect: {connections: 12}
            publish:
              rate: 200
              http:
                post: ${api}/publish
                headers: {Authorization: 'Bearer ${token}'}
                body: '{"text": "${mark}${time} ${payload}"}'
            warm-up: 0s
            duration: 1s
            """;

    private final LoadTarget target = new LoadTarget(0, 1, SessionOptions.DEFAULT);
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final AtomicInteger publishes = new AtomicInteger();
    private final HttpServer server;
    private int refusedEach = Integer.MAX_VALUE;

    HttpTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        server.createContext("/rooms", exchange -> answer(exchange, 201, "{\"room\":{\"id\":7}}"));
        server.createContext("/users", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!body.matches("user [012] of [0-9a-f]{8}")
                    || !exchange.getRequestURI().getQuery().equals("room=7")) {
                answer(exchange, 400, "not " + body);
                return;
            }
            String token = "token-" + body.charAt(5);
            tokens.add("Bearer " + token);
            answer(exchange, 201, "{\"token\":\"" + token + "\"}");
        });
        server.createContext("/publish", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!tokens.contains(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, "");
            } else if (publishes.incrementAndGet() % refusedEach == 0) {
                answer(exchange, 503, "");
            } else {
                target.publish("load", body);
                answer(exchange, 200, "{}");
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        target.close();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private LoadResult run(String text) throws InterruptedException {
        String api = "http://127.0.0.1:" + server.getAddress().getPort();
        Map<String, String> settings =
                Map.of("variables.api", api, "url", target.url().toString());
        Scenario scenario = ScenarioFile.parse("test", text, settings, "0a1b2c3d");
        return new LoadRun(scenario, new PlainProgress(System.out), null).run();
    }

    @Test
    void whatIsAnsweredIsPublished() throws Exception {
        LoadResult result = run(SCENARIO);
        assertThat(result.problems()).isEmpty();
        assertThat(tokens).hasSize(3);
        assertThat(result.publishes().published())
                .isEqualTo(result.publishes().due())
                .isGreaterThan(100);
        assertThat(result.accounts().sessionsChecked()).isEqualTo(12);
        assertThat(result.latency().count()).isPositive().matches(count -> count % 12 == 0, "a multiple of 12");
    }

    @Test
    void whatIsRefusedIsNotDue() throws Exception {
        refusedEach = 10;
        LoadResult result = run(SCENARIO);
        long refused = result.publishes().unsent();
        assertThat(refused).isEqualTo(result.publishes().due() / 10).isPositive();
        assertThat(result.problems())
                .containsExactly(refused + " of " + result.publishes().due() + " publishes could not be sent");
        assertThat(result.errors()).containsExactly(Map.entry("publish: HTTP 503", refused));
    }

    @Test
    void whatCannotBePreparedIsSaid() {
        assertThatThrownBy(() -> run(SCENARIO.replace("user ${user}", "nobody")))
                .isInstanceOf(LoadException.class)
                .hasMessageMatching(
                        "cannot prepare: POST http://127.*/users.room=7 was answered with 400 not nobody of 0a1b2c3d");
        assertThatThrownBy(() -> run(SCENARIO.replace("/room/id", "/room/name")))
                .hasMessageMatching("cannot prepare: the answer to POST http://127.*/rooms has no /room/name");
        server.stop(0);
        assertThatThrownBy(() -> run(SCENARIO)).hasMessageContaining("does the server run?");
    }
}
