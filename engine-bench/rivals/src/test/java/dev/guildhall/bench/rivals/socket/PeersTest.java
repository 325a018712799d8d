package dev.guildhall.bench.rivals.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the clients of {@code bench gateway} ask of a server. */
@Timeout(30)
final class PeersTest {
    private static final int TEXTS = 30;

    /** What clients say and hear. */
    private record Dialect(String path, boolean greets, String before, String after, String form) {
        String message(String text) {
            return before + text + after;
        }
    }

    private static final Dialect PLAIN = new Dialect("/gateway?peer=1", false, "", "", "\\{\"d\":\"T\\d{19}x+\"}");
    private static final Dialect SOCKET_IO = new Dialect(
            "/socket.io/?EIO=4&transport=websocket", true, "42[\"say\",\"", "\"]", "42\\[\"e\",\"T\\d{19}x+\"]");

    @Test
    void jettyPublishesAtARateToEverybody() throws Exception {
        int port = freePort();
        try (AutoCloseable peer = JettyPeer.open(port, new Room.Pace(100, 0, 2))) {
            assertThat(peer).isNotNull();
            assertEverybodyReceives(port, false, PLAIN);
        }
    }

    @Test
    void jettyPublishesWhatTheFirstClientAcknowledges() throws Exception {
        int port = freePort();
        try (AutoCloseable peer = JettyPeer.open(port, new Room.Pace(0, 3, 1))) {
            assertThat(peer).isNotNull();
            assertEverybodyReceives(port, true, PLAIN);
        }
    }

    @Test
    void vertxPublishesAtARateToEverybody() throws Exception {
        int port = freePort();
        try (AutoCloseable peer = VertxPeer.open(port, new Room.Pace(100, 0, 2))) {
            assertThat(peer).isNotNull();
            assertEverybodyReceives(port, false, PLAIN);
        }
    }

    @Test
    void vertxPublishesWhatTheFirstClientAcknowledges() throws Exception {
        int port = freePort();
        try (AutoCloseable peer = VertxPeer.open(port, new Room.Pace(0, 3, 1))) {
            assertThat(peer).isNotNull();
            assertEverybodyReceives(port, true, PLAIN);
        }
    }

    @Test
    void nettySocketIoPublishesAtARateToEverybody() throws Exception {
        int port = freePort();
        try (AutoCloseable peer = NettySocketIoPeer.open(port, new Room.Pace(100, 0, 2))) {
            assertThat(peer).isNotNull();
            assertEverybodyReceives(port, false, SOCKET_IO);
        }
    }

    @Test
    void nettySocketIoPublishesWhatTheFirstClientAcknowledges() throws Exception {
        int port = freePort();
        try (AutoCloseable peer = NettySocketIoPeer.open(port, new Room.Pace(0, 3, 1))) {
            assertThat(peer).isNotNull();
            assertEverybodyReceives(port, true, SOCKET_IO);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /**
     * With acknowledgements, texts come only if each is followed by another. The last to connect may miss the first of them: their
     * servers say that they are connected before they have entered.
     */
    private static void assertEverybodyReceives(int port, boolean acknowledges, Dialect dialect)
            throws InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            List<Client> clients = List.of(new Client(), new Client(), new Client());
            List<WebSocket> sockets = clients.stream()
                    .map(client -> http.newWebSocketBuilder()
                            .buildAsync(URI.create("ws://127.0.0.1:" + port + dialect.path()), client)
                            .join())
                    .toList();
            if (dialect.greets()) {
                for (int i = 0; i < clients.size(); i++) {
                    assertThat(clients.get(i).take()).startsWith("0{");
                    sockets.get(i).sendText("40", true).join();
                    assertThat(clients.get(i).take()).startsWith("40");
                }
            }
            sockets.getFirst().sendText(dialect.message("S"), true).join();
            List<String> texts = new ArrayList<>();
            while (texts.size() < 2 * TEXTS) {
                texts.add(clients.getFirst().take());
                if (acknowledges) {
                    sockets.getFirst()
                            .sendText(dialect.message("A" + texts.size()), true)
                            .join();
                }
            }
            assertThat(texts)
                    .isSorted()
                    .allSatisfy(text -> assertThat(text).hasSize(128).matches(dialect.form()));
            for (Client other : clients.subList(1, 3)) {
                List<String> others = new ArrayList<>();
                while (others.size() < TEXTS) {
                    others.add(other.take());
                }
                assertThat(texts).containsSequence(others);
            }
            sockets.forEach(WebSocket::abort);
        }
    }

    private static final class Client implements WebSocket.Listener {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            received.add(text.toString());
            socket.request(1);
            return null;
        }

        String take() throws InterruptedException {
            String text = received.poll(10, TimeUnit.SECONDS);
            assertThat(text).as("a text within ten seconds").isNotNull();
            return text;
        }
    }
}
