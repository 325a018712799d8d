package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client on the JDK's WebSocket. */
final class TestClient implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long SECONDS = 20;

    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final AtomicBoolean reading = new AtomicBoolean(true);

    /** Another message is to be asked for when it reads again. */
    private final AtomicBoolean owed = new AtomicBoolean();

    private final WebSocket socket;

    record Closed(int code, String reason) {}

    private TestClient(HttpClient http, URI url) {
        socket = http.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(SECONDS))
                .buildAsync(url, new Listener())
                .join();
    }

    static TestClient connect(URI gateway) {
        return connect(gateway, "?v=10&encoding=json");
    }

    static TestClient connect(URI gateway, String query) {
        return new TestClient(HTTP, URI.create(gateway + query));
    }

    /** With a client that trusts more than the JDK does. */
    static TestClient connect(HttpClient http, URI gateway) {
        return new TestClient(http, URI.create(gateway + "?v=10&encoding=json"));
    }

    TestClient send(String text) throws Exception {
        assertThat(socket.sendText(text, true).get(SECONDS, TimeUnit.SECONDS)).isNotNull();
        return this;
    }

    TestClient identify(String token) throws Exception {
        return send("{\"op\":2,\"d\":{\"token\":\"" + token + "\",\"intents\":513,\"properties\":{}}}");
    }

    TestClient resume(String token, String sessionId, long seq) throws Exception {
        return send("{\"op\":6,\"d\":{\"token\":\"" + token + "\",\"session_id\":\"" + sessionId + "\",\"seq\":" + seq
                + "}}");
    }

    /** Reads no more than one message from now on. */
    void stall() {
        reading.set(false);
    }

    void unstall() {
        reading.set(true);
        if (owed.getAndSet(false)) {
            socket.request(1);
        }
    }

    /** Vanishes without a word. */
    void cut() {
        socket.abort();
    }

    /** Says goodbye. */
    void leave(int code) throws Exception {
        assertThat(socket.sendClose(code, "bye").get(SECONDS, TimeUnit.SECONDS)).isNotNull();
    }

    WebSocket socket() {
        return socket;
    }

    JsonNode next() throws InterruptedException {
        JsonNode message = messages.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a message; closed: %s", closed).isNotNull();
        return message;
    }

    /** The next message within the time, if there is one. */
    @Nullable
    JsonNode poll(Duration wait) throws InterruptedException {
        return messages.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    Closed closed() throws Exception {
        return closed.get(SECONDS, TimeUnit.SECONDS);
    }

    int closeCode() throws Exception {
        return closed().code;
    }

    boolean isClosedWithin(Duration patience) throws InterruptedException {
        try {
            closed.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true; // lost
        }
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    @Override
    public void close() {
        cut();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(JsonMapper.shared().readTree(text.toString()));
                text.setLength(0);
            }
            owed.set(true); // before it looks, so that whoever lets it read again sees one of the two
            if (reading.get() && owed.getAndSet(false)) {
                from.request(1);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(new Closed(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
