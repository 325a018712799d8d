package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.examples.chat.api.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Live events: two people in a guild, over real sockets. */
class GatewayTest {
    @TempDir
    static Path folder;

    static ChatServer server;
    static int testNumber;

    ApiClient ann;
    ApiClient bob;
    String guild;
    String channel;

    @BeforeAll
    static void open() throws IOException {
        server = ChatServer.open(ChatOptions.anyPort(folder));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void people() {
        testNumber++;
        ann = ApiClient.register(server, "ann" + testNumber);
        bob = ApiClient.register(server, "bob" + testNumber);
        guild = ann.createGuild("Guild " + testNumber);
        channel = ann.firstChannel(guild);
        bob.post("/invites/" + ann.invite(channel));
    }

    @Test
    void readyComesFirstAndThenTheGuilds() {
        try (LiveClient live = LiveClient.connect(server, ann.token())) {
            JsonNode ready = live.await("READY");
            JsonNode created = live.await("GUILD_CREATE");

            assertThat(live.typesSeen()).containsExactly("READY", "GUILD_CREATE");
            assertThat(ready.path("user").path("id").asString()).isEqualTo(ann.id());
            assertThat(ready.path("v").asInt()).isEqualTo(10);
            assertThat(ready.path("guilds").get(0).path("id").asString()).isEqualTo(guild);
            assertThat(ready.path("guilds").get(0).path("unavailable").asBoolean())
                    .isTrue();
            assertThat(ready.path("private_channels").isArray()).isTrue();
            assertThat(ready.path("application").path("id").asString()).isEqualTo(ann.id());
            assertThat(created.path("id").asString()).isEqualTo(guild);
            assertThat(created.path("unavailable").asBoolean(true)).isFalse();
            assertThat(created.path("member_count").asInt()).isEqualTo(2);
            assertThat(created.path("members")).hasSize(2);
            assertThat(created.path("channels").get(0).path("id").asString()).isEqualTo(channel);
            assertThat(created.path("presences").get(0).path("user").path("id").asString())
                    .isEqualTo(ann.id());
        }
    }

    @Test
    void messagesTypingAndPresenceReachTheOther() {
        try (LiveClient annsPage = enter(ann)) {
            try (LiveClient bobsPage = enter(bob)) {
                JsonNode came = annsPage.await("PRESENCE_UPDATE");
                assertThat(came.path("user").path("id").asString()).isEqualTo(bob.id());
                assertThat(came.path("status").asString()).isEqualTo("online");
                assertThat(came.path("guild_id").asString()).isEqualTo(guild);

                bob.post("/channels/" + channel + "/typing");
                JsonNode typing = annsPage.await("TYPING_START");
                assertThat(typing.path("user_id").asString()).isEqualTo(bob.id());
                assertThat(typing.path("channel_id").asString()).isEqualTo(channel);

                ObjectNode wish = Json.object().put("content", "hello ann").put("nonce", 42);
                String id = bob.post("/channels/" + channel + "/messages", wish).text("id");
                for (LiveClient page : List.of(annsPage, bobsPage)) {
                    JsonNode message = page.await("MESSAGE_CREATE");
                    assertThat(message.path("id").asString()).isEqualTo(id);
                    assertThat(message.path("content").asString()).isEqualTo("hello ann");
                    assertThat(message.path("nonce").asInt()).isEqualTo(42);
                    assertThat(message.path("guild_id").asString()).isEqualTo(guild);
                    assertThat(message.path("member").has("user")).isFalse();
                }
                bob.patch(
                        "/channels/" + channel + "/messages/" + id,
                        Json.object().put("content", "hello"));
                assertThat(annsPage.await("MESSAGE_UPDATE").path("content").asString())
                        .isEqualTo("hello");
                bob.delete("/channels/" + channel + "/messages/" + id);
                assertThat(annsPage.await("MESSAGE_DELETE").path("id").asString())
                        .isEqualTo(id);
            }
            JsonNode gone = annsPage.await("PRESENCE_UPDATE");
            assertThat(gone.path("user").path("id").asString()).isEqualTo(bob.id());
            assertThat(gone.path("status").asString()).isEqualTo("offline");
        }
    }

    @Test
    void statusIsMergedOverSessionsAndInvisibleLooksOffline() {
        try (LiveClient annsPage = enter(ann);
                LiveClient bobsPage = enter(bob)) {
            assertThat(nextStatus(annsPage)).isEqualTo("online");
            try (LiveClient bobsPhone = LiveClient.connect(server, bob.token())) {
                bobsPhone.await("GUILD_CREATE");
                status(bobsPage, "idle");
                status(bobsPhone, "dnd");
                assertThat(nextStatus(annsPage)).isEqualTo("dnd");
                status(bobsPhone, "invisible");
                assertThat(nextStatus(annsPage)).isEqualTo("idle");
            }
            status(bobsPage, "invisible");
            assertThat(nextStatus(annsPage)).isEqualTo("offline");
            try (LiveClient other = LiveClient.connect(server, ann.token())) {
                JsonNode snapshot = other.await("GUILD_CREATE");
                assertThat(snapshot.path("presences")).hasSize(1);
            }
            status(bobsPage, "online");
            assertThat(nextStatus(annsPage)).isEqualTo("online");
        }
    }

    @Test
    void somebodyWhoIdentifiesInvisiblyIsNotAnnounced() {
        try (LiveClient annsPage = enter(ann)) {
            ObjectNode identify = Json.object().put("token", bob.token()).put("intents", 0);
            identify.putObject("presence").put("status", "offline").putNull("activities");
            try (LiveClient bobsPage = LiveClient.connect(server, identify)) {
                bobsPage.await("GUILD_CREATE");
                status(bobsPage, "dnd");
                assertThat(nextStatus(annsPage)).isEqualTo("dnd");
            }
        }
    }

    @Test
    void joiningAndLeavingReachThoseInsideAndTheOneWhoDoes() {
        ApiClient carol = ApiClient.register(server, "carol" + testNumber);
        try (LiveClient annsPage = enter(ann);
                LiveClient carolsPage = LiveClient.connect(server, carol.token())) {
            assertThat(carolsPage.await("READY").path("guilds")).isEmpty();
            carol.post("/invites/" + ann.invite(channel));

            assertThat(carolsPage.await("GUILD_CREATE").path("member_count").asInt())
                    .isEqualTo(3);
            assertThat(annsPage.await("GUILD_MEMBER_ADD")
                            .path("user")
                            .path("id")
                            .asString())
                    .isEqualTo(carol.id());
            assertThat(nextStatus(annsPage)).isEqualTo("online");
            ann.say(channel, "welcome");
            carolsPage.await("MESSAGE_CREATE");

            carol.delete("/users/@me/guilds/" + guild);
            assertThat(carolsPage.await("GUILD_DELETE").path("id").asString()).isEqualTo(guild);
            assertThat(annsPage.await("GUILD_MEMBER_REMOVE")
                            .path("user")
                            .path("id")
                            .asString())
                    .isEqualTo(carol.id());
            ann.say(channel, "about carol");
            carol.post("/invites/" + ann.invite(channel));
            carolsPage.await("GUILD_CREATE");
            ann.say(channel, "again");
            assertThat(carolsPage.await("MESSAGE_CREATE").path("content").asString())
                    .isEqualTo("again");
        }
    }

    @Test
    void whoLeavesAGuildIsOfflineThereAndNowhereElse() {
        String other = ann.createGuild("Other " + testNumber);
        bob.post("/invites/" + ann.invite(ann.firstChannel(other)));
        try (LiveClient annsPage = LiveClient.connect(server, ann.token());
                LiveClient bobsPage = LiveClient.connect(server, bob.token())) {
            assertThat(List.of(nextOfBob(annsPage), nextOfBob(annsPage)))
                    .containsExactlyInAnyOrder(guild + " online", other + " online");

            bob.delete("/users/@me/guilds/" + other);

            assertThat(nextOfBob(annsPage)).isEqualTo(other + " offline");
            assertThat(annsPage.typesSeen()).containsSubsequence("GUILD_MEMBER_REMOVE", "PRESENCE_UPDATE");
            status(bobsPage, "idle");
            assertThat(nextOfBob(annsPage)).isEqualTo(guild + " idle");
        }
    }

    @Test
    void newGuildsAndChannelsAppear() {
        try (LiveClient annsPage = enter(ann)) {
            String second = ann.createGuild("Second");
            assertThat(annsPage.await("GUILD_CREATE").path("id").asString()).isEqualTo(second);
            ann.post("/guilds/" + second + "/channels", Json.object().put("name", "more"));
            assertThat(annsPage.await("CHANNEL_CREATE").path("name").asString()).isEqualTo("more");
        }
    }

    @Test
    void twoSessionsSeeOneOrderUnderConcurrentPosts() {
        int posters = 4;
        int each = 25;
        try (LiveClient annsPage = enter(ann);
                LiveClient bobsPage = enter(bob);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int p = 0; p < posters; p++) {
                ApiClient poster = p % 2 == 0 ? ann : bob;
                threads.execute(() -> {
                    for (int i = 0; i < each; i++) {
                        poster.say(channel, "message " + i);
                    }
                });
            }
            List<Long> seenByAnn = ids(annsPage, posters * each);
            List<Long> seenByBob = ids(bobsPage, posters * each);

            assertThat(seenByAnn).isSorted().doesNotHaveDuplicates();
            assertThat(seenByBob).isEqualTo(seenByAnn);
        }
    }

    @Test
    void onlyTheIntentsThatWereAskedForCome() {
        ObjectNode identify = Json.object().put("token", bob.token()).put("intents", 1 << 11);
        try (LiveClient bobsPage = LiveClient.connect(server, identify)) {
            bobsPage.await("GUILD_CREATE");
            ann.say(channel, "not for bob");
            ann.post("/channels/" + channel + "/typing");
            bobsPage.await("TYPING_START");
            assertThat(bobsPage.typesSeen()).containsExactly("READY", "GUILD_CREATE", "TYPING_START");
        }
    }

    @Test
    void membersAreAskedFor() {
        try (LiveClient annsPage = enter(ann)) {
            annsPage.send(8, request("nonce", "everybody").put("query", "").put("limit", 0));
            JsonNode all = annsPage.await("GUILD_MEMBERS_CHUNK");
            assertThat(all.path("members")).hasSize(2);
            assertThat(all.path("nonce").asString()).isEqualTo("everybody");
            assertThat(all.path("chunk_index").asInt()).isZero();
            assertThat(all.path("chunk_count").asInt()).isEqualTo(1);
            assertThat(all.path("not_found")).isEmpty();

            ObjectNode byName = Json.object()
                    .put("guild_id", Long.parseLong(guild))
                    .put("query", "BOB")
                    .put("limit", 5);
            annsPage.send(8, byName);
            JsonNode named = annsPage.await("GUILD_MEMBERS_CHUNK");
            assertThat(named.path("members")).hasSize(1);
            assertThat(named.has("nonce")).isFalse();

            ObjectNode byId = request("nonce", "ids").put("presences", true);
            byId.putArray("user_ids")
                    .add(ann.id())
                    .add(Long.parseLong(bob.id()))
                    .add("77");
            annsPage.send(8, byId);
            JsonNode found = annsPage.await("GUILD_MEMBERS_CHUNK");
            assertThat(found.path("members")).hasSize(2);
            assertThat(found.path("not_found").get(0).asString()).isEqualTo("77");
            assertThat(found.path("presences")).hasSize(1);
        }
    }

    @Test
    void membersOfAnotherGuildStayUnknown() {
        ApiClient stranger = ApiClient.register(server, "stranger" + testNumber);
        try (LiveClient live = LiveClient.connect(server, stranger.token())) {
            live.await("READY");
            live.send(8, request("nonce", "n").put("query", "").put("limit", 0));
            assertThat(live.await("GUILD_MEMBERS_CHUNK").path("members")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3|null",
                "3|[]",
                "3|{}",
                "3|{\"status\":\"sleepy\"}",
                "3|{\"status\":\"idle\",\"activities\":5}",
                "3|{\"status\":\"idle\",\"since\":\"now\"}",
                "8|{}",
                "8|{\"guild_id\":\"1\"}",
                "8|{\"guild_id\":\"x\",\"query\":\"\",\"limit\":0}",
                "8|{\"guild_id\":1.5,\"query\":\"\",\"limit\":0}",
                "8|{\"guild_id\":\"1\",\"query\":\"\",\"limit\":-1}",
                "8|{\"guild_id\":\"1\",\"query\":\"\",\"limit\":0,\"nonce\":7}"
            })
    void malformedCommandsCloseTheClientThatSentThem(int op, String data) {
        try (LiveClient annsPage = enter(ann);
                LiveClient bobsPage = enter(bob)) {
            annsPage.send(op, Json.read(data.getBytes(StandardCharsets.UTF_8)));
            assertThat(annsPage.awaitClose()).isEqualTo(4002);
            bob.say(channel, "alone");
            bobsPage.await("MESSAGE_CREATE");
        }
    }

    @Test
    void aBadTokenIsRefused() {
        try (LiveClient live = LiveClient.connect(server, "nobody's")) {
            assertThat(live.awaitClose()).isEqualTo(4004);
        }
    }

    @Test
    void unknownIntentsAreRefused() {
        ObjectNode identify = Json.object().put("token", ann.token()).put("intents", 1 << 30);
        try (LiveClient live = LiveClient.connect(server, identify)) {
            assertThat(live.awaitClose()).isEqualTo(4013);
        }
    }

    private LiveClient enter(ApiClient who) {
        LiveClient live = LiveClient.connect(server, who.token());
        live.await("GUILD_CREATE");
        // The own presence is the last thing that entering causes.
        live.await("PRESENCE_UPDATE", p -> p.path("user").path("id").asString().equals(who.id()));
        return live;
    }

    private String nextOfBob(LiveClient live) {
        String id = bob.id();
        JsonNode update = live.await(
                "PRESENCE_UPDATE", p -> p.path("user").path("id").asString().equals(id));
        return update.path("guild_id").asString() + " " + update.path("status").asString();
    }

    private static String nextStatus(LiveClient live) {
        return live.await("PRESENCE_UPDATE").path("status").asString();
    }

    private static void status(LiveClient live, String status) {
        ObjectNode presence =
                Json.object().put("status", status).putNull("since").put("afk", false);
        presence.putArray("activities");
        live.send(3, presence);
    }

    private ObjectNode request(String field, String value) {
        return Json.object().put("guild_id", guild).put(field, value);
    }

    private static List<Long> ids(LiveClient live, int count) {
        List<Long> ids = new ArrayList<>();
        while (ids.size() < count) {
            ids.add(Long.parseLong(live.await("MESSAGE_CREATE").path("id").asString()));
        }
        return ids;
    }
}
