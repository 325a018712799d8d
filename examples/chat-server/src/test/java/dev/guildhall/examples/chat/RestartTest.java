package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept when the server stops and starts again, and what it needs to start. */
class RestartTest {
    @TempDir
    Path folder;

    @Test
    void everythingIsThereAfterARestart() throws IOException {
        String token;
        String guild;
        String channel;
        String message;
        try (ChatServer server = ChatServer.open(ChatOptions.anyPort(folder))) {
            ApiClient ann = ApiClient.register(server, "ann");
            token = ann.token();
            guild = ann.createGuild("Lasting");
            channel = ann.firstChannel(guild);
            message = ann.say(channel, "still here tomorrow").text("id");
        }

        try (ChatServer server = ChatServer.open(ChatOptions.anyPort(folder))) {
            ApiClient ann = new ApiClient(server, token);
            assertThat(ann.get("/users/@me/guilds").body().get(0).path("id").asString())
                    .isEqualTo(guild);
            assertThat(ann.get("/channels/" + channel + "/messages/" + message).text("content"))
                    .isEqualTo("still here tomorrow");
            String next = ann.say(channel, "and so am I").text("id");
            assertThat(Long.parseLong(next)).isGreaterThan(Long.parseLong(message));
        }
    }

    @Test
    void aTakenPortIsSaidSoAndNothingStaysOpen(@TempDir Path other) throws IOException {
        try (ChatServer server = ChatServer.open(ChatOptions.anyPort(folder))) {
            int rest = server.url().getPort();
            int gateway = server.gatewayUrl().getPort();
            assertThatThrownBy(() -> ChatServer.open(new ChatOptions("127.0.0.1", rest, 0, null, other)))
                    .satisfies(failure -> assertThat(Failures.reason(failure)).contains("--port"));
            assertThatThrownBy(() -> ChatServer.open(new ChatOptions("127.0.0.1", 0, gateway, null, other)))
                    .satisfies(failure -> assertThat(Failures.reason(failure)).contains("--gateway-port"));
        }
        ChatServer.open(ChatOptions.anyPort(other)).close();
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> new ChatOptions("127.0.0.1", 70_000, 1, null, folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("70000", "65535");
        assertThatThrownBy(() -> new ChatOptions("127.0.0.1", 9, 9, null, folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9");
    }
}
