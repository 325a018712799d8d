package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads server-sent events from the JDK's HTTP client as the HTML standard says. */
final class EventStreamClient implements AutoCloseable {
    static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Sent END = new Sent("", "END", -1, "null");

    private final BlockingQueue<Sent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> comments = new LinkedBlockingQueue<>();
    private final HttpResponse<InputStream> response;
    private String lastId = "";
    private String sessionId = "";

    record Sent(String id, String event, long retry, String data) {
        JsonNode json() {
            return JsonMapper.shared().readTree(data);
        }
    }

    private EventStreamClient(HttpResponse<InputStream> response) {
        this.response = response;
        if (response.statusCode() == 200) {
            Thread.startVirtualThread(this::read);
        }
    }

    static URI url(TestGateway gateway, String rest) {
        String scheme = gateway.url().getScheme().equals("wss") ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + gateway.port() + "/gateway/events" + rest);
    }

    static EventStreamClient open(TestGateway gateway, String query, UnaryOperator<HttpRequest.Builder> change)
            throws Exception {
        return open(HTTP, gateway, query, change);
    }

    static EventStreamClient open(
            HttpClient http, TestGateway gateway, String query, UnaryOperator<HttpRequest.Builder> change)
            throws Exception {
        HttpRequest request =
                change.apply(HttpRequest.newBuilder(url(gateway, query))).build();
        return new EventStreamClient(http.send(request, HttpResponse.BodyHandlers.ofInputStream()));
    }

    static EventStreamClient open(TestGateway gateway, String user) throws Exception {
        return open(gateway, "?intents=513", b -> b.header("Authorization", "Bearer user:" + user));
    }

    static EventStreamClient resume(TestGateway gateway, String user, String lastEventId) throws Exception {
        return open(
                gateway,
                "?intents=513",
                b -> b.header("Authorization", "Bearer user:" + user).header("Last-Event-ID", lastEventId));
    }

    static HttpResponse<String> post(TestGateway gateway, String sessionId, String token, String body)
            throws Exception {
        return post(HTTP, gateway, sessionId, token, body);
    }

    static HttpResponse<String> post(HttpClient http, TestGateway gateway, String sessionId, String token, String body)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url(gateway, "/" + sessionId))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** A request for a stream, as a page of an origin makes it. */
    static String requestOf(String method, String origin) {
        return method + " /gateway/events?intents=0 HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                + "\r\nAuthorization: user:ann\r\n\r\n";
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String event = "message";
            long retry = -1;
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String value = line.substring(Math.min(line.length(), line.indexOf(':') + 2));
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        events.add(new Sent(id, event, retry, data.toString()));
                    }
                    event = "message";
                    retry = -1;
                    data.setLength(0);
                } else if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.startsWith("id:")) {
                    id = value;
                } else if (line.startsWith("event:")) {
                    event = value;
                } else if (line.startsWith("retry:")) {
                    retry = Long.parseLong(value);
                } else if (line.startsWith("data:")) {
                    data.append(value);
                }
            }
            events.add(END);
        } catch (IOException e) {
            events.add(new Sent("", "LOST", -1, "null"));
        }
    }

    int status() {
        return response.statusCode();
    }

    String body() throws IOException {
        return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Nullable
    String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    Sent next() throws InterruptedException {
        Sent next = events.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("an event").isNotNull();
        lastId = next.id.isEmpty() ? lastId : next.id;
        return next;
    }

    /** The next one, which is not a dispatch. */
    JsonNode next(String event) throws InterruptedException {
        Sent next = next();
        assertThat(next.event).as("%s", next).isEqualTo(event);
        return next.json();
    }

    JsonNode dispatch(String type) throws InterruptedException {
        JsonNode next = next("message");
        assertThat(next.get("t").stringValue()).isEqualTo(type);
        assertThat(next.get("op").intValue()).isZero();
        return next;
    }

    /** Has had hello and READY. */
    EventStreamClient ready() throws InterruptedException {
        assertThat(status()).isEqualTo(200);
        next("HELLO");
        sessionId = dispatch("READY").get("d").get("session_id").stringValue();
        return this;
    }

    /** Wanted to come back, and has a new session instead. */
    void startedAnew(EventStreamClient before) throws InterruptedException {
        next("HELLO");
        JsonNode invalid = next("INVALID_SESSION");
        assertThat(invalid.get("op").intValue()).isEqualTo(9);
        assertThat(invalid.get("d").booleanValue()).isFalse();
        JsonNode ready = dispatch("READY");
        assertThat(ready.get("s").intValue()).isEqualTo(1);
        assertThat(ready.get("d").get("session_id").stringValue()).isNotEqualTo(before.sessionId());
    }

    void atEnd() throws InterruptedException {
        assertThat(next()).isEqualTo(END);
    }

    String comment() throws InterruptedException {
        String next = comments.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a comment").isNotNull();
        return next;
    }

    String lastId() {
        return lastId;
    }

    String sessionId() {
        return sessionId;
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
