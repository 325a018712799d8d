package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.examples.chat.ApiClient.Reply;
import dev.guildhall.examples.chat.api.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send by mistake or ill will: always a documented status and JSON, never a page or a trace. */
class BadInputTest {
    @TempDir
    static Path folder;

    static ChatServer server;
    static ApiClient client;
    static String channel;

    @BeforeAll
    static void open() throws IOException {
        server = ChatServer.open(ChatOptions.anyPort(folder));
        client = ApiClient.register(server, "clumsy");
        channel = client.firstChannel(client.createGuild("Glass house"));
    }

    @AfterAll
    static void close() {
        assertThat(client.say(channel, "the server still serves").status()).isEqualTo(200);
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"content\":\"x\"} trailing",
                "{\"content\":\"x",
                "\u0000\u0001\u0002",
                "{\"content\":'x'}",
                "<xml/>"
            })
    void whatIsNoJsonIsSaidSo(String body) {
        Reply reply = client.send("POST", "/channels/" + channel + "/messages", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("code").asInt()).isIn(50109, 50035);
        assertThat(reply.contentType()).startsWith("application/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "3",
                "\"text\"",
                "{}",
                "{\"content\":null}",
                "{\"content\":5}",
                "{\"content\":[\"x\"]}",
                "{\"content\":{\"x\":1}}",
                "{\"content\":true}",
                "{\"content\":\"half a pair \\ud800\"}",
                "{\"content\":\"zero \\u0000\"}",
                "{\"content\":\"x\",\"nonce\":{}}",
                "{\"content\":\"x\",\"nonce\":1.5}",
                "{\"content\":\"x\",\"nonce\":\"\\udc00\"}"
            })
    void theWrongShapeIsAnInvalidForm(String body) {
        Reply reply = client.send("POST", "/channels/" + channel + "/messages", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("code").asInt()).isEqualTo(50035);
        assertThat(reply.text("message")).startsWith("Invalid Form Body: ");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nothing/here,404",
        "GET,/guilds/abc,400",
        "GET,/guilds/-5,400",
        "GET,/guilds/99999999999999999999999,400",
        "GET,/guilds/18446744073709551616,400",
        "GET,/channels/1e5/messages,400",
        "GET,/users/%00,400",
        "DELETE,/users/@me,405",
        "PUT,/guilds,405",
        "POST,/guilds/1/nowhere,404"
    })
    void strangePathsAreAnsweredInJson(String method, String path, int status) {
        Reply reply = client.send(method, path, method.equals("GET") ? null : "{}");

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.contentType()).startsWith("application/json");
        assertThat(reply.text("message")).isNotEmpty();
        assertThat(reply.body().has("code")).isTrue();
    }

    @Test
    void aBodyHasABound() {
        Reply reply = client.send(
                "POST", "/channels/" + channel + "/messages", "{\"content\":\"" + "x".repeat(200_000) + "\"}");

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.contentType()).startsWith("application/json");
    }

    @Test
    void deepNestingIsRefused() {
        Reply reply = client.send("POST", "/channels/" + channel + "/messages", "[".repeat(50_000));

        assertThat(reply.status()).isEqualTo(400);
    }

    @Test
    void namesHaveBounds() {
        for (String name : new String[] {"", "x", " x ", "x".repeat(101), "two\nlines"}) {
            assertThat(client.post("/guilds", Json.object().put("name", name)).status())
                    .as("'%s'", name)
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "complete nonsense\r\n\r\n",
                "GET /api/v10/gateway HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /api/v10/gateway HTTP/1.1\r\n\r\n",
                "GET /api/v10/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "POST /api/v10/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"
            })
    void whatIsNoHttpGetsNoPageEither(String request) throws IOException {
        String answer = raw(request);

        assertThat(answer).matches("(?s)HTTP/1\\.1 4\\d\\d .*|HTTP/1\\.1 505 .*");
        assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("<html", "jetty", "exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\n{\"us",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"u"
            })
    void aBrokenBodyIsABadRequest(String rest) throws IOException {
        String answer = raw("POST /api/v10/auth/login HTTP/1.1\r\nHost: x\r\n" + rest);

        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .containsIgnoringCase("Content-Type: application/json")
                .contains("{\"message\":\"400: Bad Request\",\"code\":0}");
    }

    @Test
    void headersHaveABound() throws IOException {
        assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .doesNotContain("<html");
    }

    @Test
    void anUpgradeToHttp2IsIgnored() throws IOException {
        String answer = raw(String.join(
                "\r\n",
                "GET /api/v10/gateway HTTP/1.1",
                "Host: x",
                "Connection: Upgrade, HTTP2-Settings, close",
                "Upgrade: h2c",
                "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA",
                "",
                ""));

        assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("{\"url\":\"ws://");
    }

    @Test
    void aClientsMistakeIsNotAnError() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            client.send("POST", "/guilds", "{");
            client.get("/channels/1");
            raw("complete nonsense\r\n\r\n");
            raw("POST /api/v10/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"us");
            raw("POST /api/v10/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
            raw("POST /api/v10/guilds HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{}");
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("[ERROR]", "[WARN]", "Exception");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
