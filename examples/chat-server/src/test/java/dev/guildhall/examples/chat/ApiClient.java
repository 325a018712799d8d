package dev.guildhall.examples.chat;

import dev.guildhall.examples.chat.api.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Somebody's REST client. It asks for HTTP/2 by an upgrade, as Java's does by default, which the server has to ignore. */
final class ApiClient {
    record Reply(int status, String contentType, JsonNode body) {
        String text(String field) {
            return body.path(field).asString("");
        }
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final URI base;
    private final @Nullable String token;

    ApiClient(ChatServer server, @Nullable String token) {
        this.base = URI.create(server.url() + "/api/v10");
        this.token = token;
    }

    /** Registers somebody and answers their client. */
    static ApiClient register(ChatServer server, String name) {
        Reply reply = new ApiClient(server, null)
                .post("/auth/register", Json.object().put("username", name).put("password", "correct horse"));
        if (reply.status() != 201) {
            throw new AssertionError("Registering " + name + " answered " + reply);
        }
        return new ApiClient(server, reply.text("token"));
    }

    String token() {
        return Objects.requireNonNull(token);
    }

    String id() {
        return get("/users/@me").text("id");
    }

    Reply get(String path) {
        return send("GET", path, null);
    }

    Reply delete(String path) {
        return send("DELETE", path, null);
    }

    Reply post(String path, JsonNode body) {
        return send("POST", path, body.toString());
    }

    Reply post(String path) {
        return post(path, Json.object());
    }

    Reply patch(String path, JsonNode body) {
        return send("PATCH", path, body.toString());
    }

    Reply send(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", token);
        }
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            JsonNode json =
                    response.body().length == 0 ? JsonNodeFactory.instance.missingNode() : Json.read(response.body());
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    json);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " got no answer", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Creates a guild and answers its id. */
    String createGuild(String name) {
        return post("/guilds", Json.object().put("name", name)).text("id");
    }

    /** The first channel of a guild. */
    String firstChannel(String guild) {
        return get("/guilds/" + guild + "/channels").body().get(0).path("id").asString();
    }

    String invite(String channel) {
        return post("/channels/" + channel + "/invites").text("code");
    }

    Reply say(String channel, String content) {
        return post("/channels/" + channel + "/messages", Json.object().put("content", content));
    }
}
