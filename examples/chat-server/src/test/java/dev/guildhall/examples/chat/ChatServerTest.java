package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.rest.RestServer;
import dev.guildhall.examples.chat.store.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the server says it is, and how it ends. */
class ChatServerTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://localhost:8080",
        "0.0.0.0, http://localhost:8080",
        "::, http://localhost:8080",
        "::1, http://[::1]:8080",
        "192.0.2.7, http://192.0.2.7:8080"
    })
    void itsUrlWorksInABrowser(String host, String url) {
        assertThat(ChatServer.urlOf(host, 8080)).hasToString(url);
    }

    @Test
    void clientsAreToldTheHostTheyCameBy() throws IOException {
        ChatOptions everywhere = new ChatOptions("0.0.0.0", 0, 0, null, folder);
        try (ChatServer server = ChatServer.open(everywhere)) {
            String answer = get(server.url().getPort(), "chat.example:8080", "/api/v10/gateway");

            assertThat(answer)
                    .contains("{\"url\":\"ws://chat.example:"
                            + server.gatewayUrl().getPort() + "/gateway\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({"http://localhost:8080, 101", "https://chat.example, 101", "https://evil.example, 403"})
    void itsPageUsesTheGatewayAndOthersOnlyIfAllowed(String origin, int status) throws Exception {
        ChatOptions options =
                new ChatOptions(ChatOptions.DEFAULT_HOST, 0, 0, null, List.of("https://chat.example"), folder);
        try (ChatServer server = ChatServer.open(options);
                Socket page = new Socket(
                        InetAddress.getLoopbackAddress(), server.gatewayUrl().getPort())) {
            page.setSoTimeout(20_000);
            page.getOutputStream()
                    .write("""
                    GET /gateway HTTP/1.1
                    Host: localhost:8081
                    Origin: %s
                    Upgrade: websocket
                    Connection: Upgrade
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                    """.formatted(origin).replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String start = "HTTP/1.1 " + status;
            assertThat(new String(page.getInputStream().readNBytes(start.length()), StandardCharsets.ISO_8859_1))
                    .isEqualTo(start);
        }
    }

    @Test
    void anErrorIsAnsweredInJson() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (Database database = Database.open(folder)) {
            Application application = new Application(database, () -> {
                throw new AssertionError("no engine is needed");
            });
            RestServer.Parts parts = application.rest(host -> {
                throw new AssertionError("broken on purpose");
            });
            try (RestServer rest = RestServer.start(ChatOptions.DEFAULT_HOST, 0, parts)) {
                assertThat(get(rest.port(), "localhost", "/api/v10/gateway"))
                        .startsWith("HTTP/1.1 500 ")
                        .containsIgnoringCase("Content-Type: application/json")
                        .contains("{\"message\":\"500: Server Error\",\"code\":0}");
            }
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("[ERROR]", "broken on purpose");
    }

    @Test
    void anOrdinaryStopIsSilentWhateverIsUnderWay() throws IOException {
        int clients = 20;
        ChatServer server = ChatServer.open(ChatOptions.anyPort(folder));
        ApiClient ann = ApiClient.register(server, "ann");
        for (int i = 0; i < 60; i++) {
            ann.createGuild("Guild " + i);
        }
        List<LiveClient> live = new ArrayList<>();
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < clients; i++) {
                live.add(LiveClient.connect(
                        server, Json.object().put("token", ann.token()).put("intents", 0)));
            }
            server.close();
        } finally {
            System.setErr(before);
        }
        assertThat(live).allSatisfy(client -> assertThat(client.awaitClose()).isEqualTo(1001));
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("[ERROR]", "[WARN]", "Exception");
    }

    private static String get(int port, String host, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
