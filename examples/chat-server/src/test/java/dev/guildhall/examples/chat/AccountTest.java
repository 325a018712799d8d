package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.examples.chat.ApiClient.Reply;
import dev.guildhall.examples.chat.api.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Accounts, logins and tokens over REST. */
class AccountTest {
    @TempDir
    static Path folder;

    static ChatServer server;
    static ApiClient anybody;

    @BeforeAll
    static void open() throws IOException {
        server = ChatServer.open(ChatOptions.anyPort(folder));
        anybody = new ApiClient(server, null);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void registeringAnswersATokenThatKnowsItsUserAndWorks() {
        Reply reply = anybody.post("/auth/register", credentials("Ann.Example", "a secret of ann's"));

        assertThat(reply.status()).isEqualTo(201);
        String id = reply.body().path("user").path("id").asString();
        assertThat(reply.body().path("user").path("username").asString()).isEqualTo("ann.example");
        String[] parts = reply.text("token").split("\\.", -1);
        assertThat(parts).hasSize(3);
        assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.US_ASCII))
                .isEqualTo(id);
        Reply self = new ApiClient(server, reply.text("token")).get("/users/@me");
        assertThat(self.status()).isEqualTo(200);
        assertThat(self.text("id")).isEqualTo(id);
        assertThat(self.body().path("verified").asBoolean()).isTrue();
        assertThat(new ApiClient(server, "Bot " + reply.text("token"))
                        .get("/users/@me")
                        .text("id"))
                .isEqualTo(id);
    }

    @Test
    void aTakenNameIsAConflictInAnyCase() {
        ApiClient.register(server, "taken");

        Reply reply = anybody.post("/auth/register", credentials("TAKEN", "another secret"));

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.text("message")).isNotEmpty();
        assertThat(reply.body().has("code")).isTrue();
    }

    @Test
    void loggingInGivesAnotherTokenAndLoggingOutEndsOne() {
        ApiClient first = ApiClient.register(server, "twice");
        Reply login = anybody.post("/auth/login", credentials("Twice", "correct horse"));
        assertThat(login.status()).isEqualTo(200);
        ApiClient second = new ApiClient(server, login.text("token"));
        assertThat(second.token()).isNotEqualTo(first.token());

        assertThat(first.post("/auth/logout").status()).isEqualTo(204);

        assertThat(first.get("/users/@me").status()).isEqualTo(401);
        assertThat(second.get("/users/@me").status()).isEqualTo(200);
    }

    @Test
    void loggingOutClosesTheLiveSessionsOfThatToken() {
        ApiClient page = ApiClient.register(server, "leaver");
        Reply login = anybody.post("/auth/login", credentials("leaver", "correct horse"));
        ApiClient phone = new ApiClient(server, login.text("token"));
        try (LiveClient pageLive = LiveClient.connect(server, page.token());
                LiveClient pageLiveToo = LiveClient.connect(server, page.token());
                LiveClient phoneLive = LiveClient.connect(server, phone.token())) {
            pageLive.await("READY");
            pageLiveToo.await("READY");
            phoneLive.await("READY");

            page.post("/auth/logout");

            assertThat(pageLive.awaitClose()).isEqualTo(4004);
            assertThat(pageLiveToo.awaitClose()).isEqualTo(4004);
            String guild = phone.createGuild("Still here");
            assertThat(phoneLive.await("GUILD_CREATE").path("id").asString()).isEqualTo(guild);
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownNameLookTheSame() {
        ApiClient.register(server, "guarded");

        Reply wrong = anybody.post("/auth/login", credentials("guarded", "not the password"));
        Reply unknown = anybody.post("/auth/login", credentials("nobody.here", "not the password"));

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown).isEqualTo(wrong);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "with space", "semi;colon", "ünicode", "abcdefghijklmnopqrstuvwxyz1234567"})
    void namesAreShortAndPlain(String name) {
        Reply reply = anybody.post("/auth/register", credentials(name, "long enough"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("code").asInt()).isEqualTo(50035);
        assertThat(reply.text("message")).contains("username");
    }

    @ParameterizedTest
    @CsvSource({"7,400", "8,201", "72,201", "73,400"})
    void aPasswordHasEightToSeventyTwoBytes(int bytes, int status) {
        String password = "é".repeat(bytes / 2) + "x".repeat(bytes % 2);

        Reply reply = anybody.post("/auth/register", credentials("bytes" + bytes, password));

        assertThat(reply.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "Bot ", "a.b.c", "Bearer MTIz.x.y"})
    void whatIsNoTokenIsUnauthorized(String token) {
        Reply reply = new ApiClient(server, token).get("/users/@me");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text("message")).isEqualTo("401: Unauthorized");
    }

    @Test
    void theFilesHoldNeitherPasswordsNorTokens() throws IOException {
        ApiClient secretive = ApiClient.register(server, "secretive");
        String token = secretive.token();
        String random = token.substring(token.indexOf('.') + 1);

        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile).map(AccountTest::read))
                    .isNotEmpty()
                    .anyMatch(content -> content.contains("secretive"))
                    .noneMatch(content -> content.contains("correct horse") || content.contains(random));
        }
    }

    @Test
    void somebodyElseIsSeenWithoutWhatIsPrivate() {
        ApiClient seen = ApiClient.register(server, "seen");
        ApiClient looking = ApiClient.register(server, "looking");

        Reply reply = looking.get("/users/" + seen.id());

        assertThat(reply.text("username")).isEqualTo("seen");
        assertThat(reply.body().has("email")).isFalse();
        assertThat(looking.get("/users/1").body().path("code").asInt()).isEqualTo(10013);
    }

    @Test
    void whoTriesTooOftenHasToWait(@TempDir Path other) throws IOException {
        try (ChatServer limited = ChatServer.open(ChatOptions.anyPort(other))) {
            ApiClient.register(limited, "wanted");
            ApiClient impatient = new ApiClient(limited, null);
            Reply reply;
            int attempts = 0;
            do {
                reply = impatient.post("/auth/register", credentials("wanted", "long enough"));
                attempts++;
            } while (reply.status() == 409 && attempts < 1_000);

            assertThat(reply.status()).isEqualTo(429);
            assertThat(attempts).isGreaterThan(100);
            assertThat(reply.body().path("retry_after").asDouble()).isBetween(0.0, 1.0);
            assertThat(reply.body().path("global").asBoolean(true)).isFalse();
        }
    }

    @Test
    void theGatewayIsFoundWithoutAToken() {
        assertThat(anybody.get("/gateway").text("url"))
                .isEqualTo("ws://localhost:" + server.gatewayUrl().getPort() + "/gateway");
        assertThat(anybody.get("/gateway/bot").status()).isEqualTo(401);
        Reply bot = ApiClient.register(server, "robot").get("/gateway/bot");
        assertThat(bot.body().path("shards").asInt()).isEqualTo(1);
        assertThat(bot.body().path("session_start_limit").propertyNames())
                .containsExactlyInAnyOrder("total", "remaining", "reset_after", "max_concurrency");
    }

    private static ObjectNode credentials(String name, String password) {
        return Json.object().put("username", name).put("password", password);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
