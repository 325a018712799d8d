package dev.guildhall.examples.chat;

import dev.guildhall.examples.chat.api.Intents;
import dev.guildhall.examples.chat.api.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Somebody's gateway client: what it receives waits in a queue, and it remembers what it passed over. */
final class LiveClient implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int DISPATCH = 0;
    private static final int CLOSED = -1;

    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final List<JsonNode> seen = new ArrayList<>();
    private final WebSocket socket;

    private LiveClient(URI url) {
        socket = HTTP.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .buildAsync(URI.create(url + "/?v=10&encoding=json"), new Receiver())
                .join();
    }

    /** Connects and identifies with everything the page asks for. */
    static LiveClient connect(ChatServer server, String token) {
        return connect(server, Json.object().put("token", token).put("intents", Intents.KNOWN));
    }

    static LiveClient connect(ChatServer server, ObjectNode identify) {
        LiveClient client = new LiveClient(server.gatewayUrl());
        client.next(frame -> frame.path("op").asInt() == 10);
        client.send(2, identify);
        return client;
    }

    void send(int op, JsonNode data) {
        ObjectNode frame = Json.object().put("op", op);
        frame.set("d", data);
        socket.sendText(frame.toString(), true).join();
    }

    /** The data of the next event of a type, passing over others. */
    JsonNode await(String type) {
        return await(type, data -> true);
    }

    JsonNode await(String type, Predicate<JsonNode> which) {
        return next(frame -> frame.path("op").asInt() == DISPATCH
                        && frame.path("t").asString("").equals(type)
                        && which.test(frame.path("d")))
                .path("d");
    }

    /** The code the server closes with. */
    int awaitClose() {
        return next(frame -> frame.path("op").asInt() == CLOSED).path("code").asInt();
    }

    /** Types of all events received up to the last one awaited. */
    List<String> typesSeen() {
        return seen.stream()
                .filter(frame -> frame.path("op").asInt() == DISPATCH)
                .map(frame -> frame.path("t").asString(""))
                .toList();
    }

    /** Ends the connection as a page that is closed does. */
    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            // The server may be the first to close.
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                    .exceptionally(failure -> socket)
                    .join();
        }
    }

    private JsonNode next(Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                JsonNode frame = frames.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (frame == null) {
                    throw new AssertionError("It did not come; there came " + seen);
                }
                seen.add(frame);
                if (wanted.test(frame)) {
                    return frame;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private final class Receiver implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                frames.add(Objects.requireNonNull(Json.read(text.toString().getBytes(StandardCharsets.UTF_8))));
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            frames.add(Json.object().put("op", CLOSED).put("code", code).put("reason", reason));
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            frames.add(Json.object().put("op", CLOSED).put("code", 0).put("reason", error.toString()));
        }
    }
}
