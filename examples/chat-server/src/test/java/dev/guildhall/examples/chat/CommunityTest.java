package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.examples.chat.ApiClient.Reply;
import dev.guildhall.examples.chat.api.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Guilds, channels, members, invitations and messages over REST. Each test has an owner, a member and a stranger. */
class CommunityTest {
    @TempDir
    static Path folder;

    static ChatServer server;
    static int testNumber;

    ApiClient owner;
    ApiClient member;
    ApiClient stranger;
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
    void people(TestInfo test) {
        testNumber++;
        owner = ApiClient.register(server, "owner" + testNumber);
        member = ApiClient.register(server, "member" + testNumber);
        stranger = ApiClient.register(server, "stranger" + testNumber);
        guild = owner.createGuild("Guild of " + test.getDisplayName());
        channel = owner.firstChannel(guild);
        member.post("/invites/" + owner.invite(channel));
    }

    @Test
    void aNewGuildHasAChannelAndItsOwnerIsAMember() {
        Reply created = stranger.post("/guilds", Json.object().put("name", "  Quiet place "));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text("name")).isEqualTo("Quiet place");
        assertThat(created.text("owner_id")).isEqualTo(stranger.id());
        String id = created.text("id");
        assertThat(created.body().path("roles").get(0).path("id").asString()).isEqualTo(id);
        JsonNode channels = stranger.get("/guilds/" + id + "/channels").body();
        assertThat(texts(channels, "name")).containsExactly("general");
        assertThat(channels.get(0).path("last_message_id").isNull()).isTrue();
        assertThat(stranger.get("/guilds/" + id + "/members").body()).hasSize(1);
        JsonNode partial = stranger.get("/users/@me/guilds").body().get(0);
        assertThat(partial.path("owner").asBoolean()).isTrue();
    }

    @Test
    void anInvitationLetsSomebodyInAndIsTheSameEachTime() {
        String code = owner.invite(channel);
        assertThat(owner.invite(channel)).isEqualTo(code);
        assertThat(member.invite(channel)).isNotEqualTo(code);
        Reply seen = new ApiClient(server, null).get("/invites/" + code);
        assertThat(seen.body().path("guild").path("id").asString()).isEqualTo(guild);
        assertThat(seen.body().path("channel").path("name").asString()).isEqualTo("general");
        assertThat(seen.body().path("inviter").path("id").asString()).isEqualTo(owner.id());

        assertThat(stranger.post("/invites/" + code).status()).isEqualTo(200);
        assertThat(stranger.post("/invites/" + code).status()).isEqualTo(200);

        assertThat(owner.get("/guilds/" + guild + "/members").body()).hasSize(3);
        Reply joined = owner.get("/guilds/" + guild + "/members/" + stranger.id());
        assertThat(joined.body().path("user").path("id").asString()).isEqualTo(stranger.id());
        assertThat(stranger.post("/invites/none").body().path("code").asInt()).isEqualTo(10006);
    }

    @Test
    void onlyTheOwnerMakesChannels() {
        ObjectNode wish = Json.object().put("name", "announcements").put("type", 0);

        assertThat(member.post("/guilds/" + guild + "/channels", wish).status()).isEqualTo(403);
        Reply made = owner.post("/guilds/" + guild + "/channels", wish);

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().path("position").asInt()).isEqualTo(1);
        assertThat(texts(member.get("/guilds/" + guild + "/channels").body(), "name"))
                .containsExactly("general", "announcements");
        assertThat(member.get("/channels/" + made.text("id")).text("guild_id")).isEqualTo(guild);
    }

    @Test
    void whoLeavesSeesNothingMore() {
        assertThat(member.delete("/users/@me/guilds/" + guild).status()).isEqualTo(204);

        assertThat(member.get("/guilds/" + guild).status()).isEqualTo(403);
        assertThat(member.say(channel, "still here?").status()).isEqualTo(403);
        assertThat(member.get("/users/@me/guilds").body()).isEmpty();
        Reply owners = owner.delete("/users/@me/guilds/" + guild);
        assertThat(owners.status()).isEqualTo(400);
        assertThat(owners.body().path("code").asInt()).isEqualTo(50055);
    }

    @Test
    void aStrangerHasNoAccessAndWhatIsNotThereIsUnknown() {
        String message = owner.say(channel, "for members").text("id");
        ObjectNode body = Json.object().put("content", "hello").put("name", "hello");

        for (String path : List.of("/guilds/" + guild, "/guilds/" + guild + "/members", "/channels/" + channel)) {
            assertRefused(stranger.get(path), 403, 50001);
        }
        assertRefused(stranger.get("/channels/" + channel + "/messages"), 403, 50001);
        assertRefused(stranger.get("/channels/" + channel + "/messages/" + message), 403, 50001);
        assertRefused(stranger.post("/channels/" + channel + "/messages", body), 403, 50001);
        assertRefused(stranger.post("/channels/" + channel + "/typing"), 403, 50001);
        assertRefused(stranger.post("/channels/" + channel + "/invites"), 403, 50001);
        assertRefused(stranger.post("/guilds/" + guild + "/channels", body), 403, 50001);
        assertRefused(stranger.delete("/channels/" + channel + "/messages/" + message), 403, 50001);
        assertRefused(owner.get("/guilds/1"), 404, 10004);
        assertRefused(owner.get("/guilds/18446744073709551615"), 404, 10004);
        assertRefused(owner.post("/channels/" + guild + "/messages", body), 404, 10003);
        assertRefused(owner.get("/channels/" + channel + "/messages/1"), 404, 10008);
        assertRefused(owner.get("/guilds/" + guild + "/members/" + stranger.id()), 404, 10007);
    }

    @Test
    void aMessageOfAnotherChannelIsUnknownInThisOne() {
        String message = owner.say(channel, "here").text("id");
        String elsewhere = stranger.firstChannel(stranger.createGuild("Elsewhere"));

        assertRefused(stranger.get("/channels/" + elsewhere + "/messages/" + message), 404, 10008);
        assertRefused(stranger.delete("/channels/" + elsewhere + "/messages/" + message), 404, 10008);
        assertThat(owner.get("/channels/" + channel + "/messages/" + message).status())
                .isEqualTo(200);
    }

    @Test
    void aPostedMessageIsWhatWasSaid() {
        ObjectNode wish = Json.object()
                .put("content", " Grüße \uD83D\uDC4B <b>bold</b>\n\"quoted\" ")
                .put("nonce", "n-1");
        wish.putNull("embeds")
                .put("tts", false)
                .putNull("poll")
                .put("enforce_nonce", true)
                .putArray("components");

        Reply posted = member.post("/channels/" + channel + "/messages", wish);

        assertThat(posted.status()).isEqualTo(200);
        assertThat(posted.text("content")).isEqualTo(wish.path("content").asString());
        assertThat(posted.text("nonce")).isEqualTo("n-1");
        assertThat(posted.body().path("author").path("id").asString()).isEqualTo(member.id());
        assertThat(posted.body().path("edited_timestamp").isNull()).isTrue();
        assertThat(posted.text("timestamp")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00");
        Reply read = owner.get("/channels/" + channel + "/messages/" + posted.text("id"));
        assertThat(read.text("content")).isEqualTo(wish.path("content").asString());
        assertThat(owner.get("/channels/" + channel).text("last_message_id")).isEqualTo(posted.text("id"));
    }

    @Test
    void contentHasOneToFourThousandCharacters() {
        assertRefused(owner.say(channel, ""), 400, 50035);
        assertRefused(owner.say(channel, "x".repeat(4_001)), 400, 50035);
        assertRefused(owner.say(channel, "  \n "), 400, 50035);
        assertThat(owner.say(channel, "x".repeat(4_000)).status()).isEqualTo(200);

        String emoji = "\uD83D\uDE00".repeat(4_000);
        Reply longest = owner.say(channel, emoji);

        assertThat(longest.status()).isEqualTo(200);
        assertThat(owner.get("/channels/" + channel + "/messages/" + longest.text("id"))
                        .text("content"))
                .isEqualTo(emoji);
    }

    @Test
    void pagesGoBackwardsAndForwards() {
        List<String> ids = IntStream.range(0, 7)
                .mapToObj(i -> owner.say(channel, "message " + i).text("id"))
                .toList();
        String messages = "/channels/" + channel + "/messages";

        assertThat(ids.stream().map(Long::parseLong).toList()).isSorted();
        assertThat(texts(member.get(messages).body(), "id")).isEqualTo(ids.reversed());
        assertThat(texts(member.get(messages + "?limit=2&before=" + ids.get(5)).body(), "id"))
                .containsExactly(ids.get(4), ids.get(3));
        assertThat(texts(member.get(messages + "?limit=2&after=" + ids.get(1)).body(), "id"))
                .containsExactly(ids.get(3), ids.get(2));
        assertThat(member.get(messages + "?after=" + ids.get(6)).body()).isEmpty();
        assertThat(member.get(messages + "?before=18446744073709551615").body()).hasSize(7);
        for (String query : List.of("limit=0", "limit=101", "limit=x", "before=x", "after=-1", "before=")) {
            assertRefused(member.get(messages + "?" + query), 400, 50035);
        }
    }

    @Test
    void onlyTheAuthorEditsAndTheOwnerMayDelete() {
        String of = "/channels/" + channel + "/messages/";
        String members = member.say(channel, "frist").text("id");
        String owners = owner.say(channel, "rules").text("id");
        ObjectNode change = Json.object().put("content", "first");

        assertRefused(owner.patch(of + members, change), 403, 50005);
        Reply edited = member.patch(of + members, change);
        assertThat(edited.text("content")).isEqualTo("first");
        assertThat(edited.text("edited_timestamp")).isNotEmpty();
        assertRefused(member.patch(of + members, Json.object().put("content", "")), 400, 50035);

        assertRefused(member.delete(of + owners), 403, 50013);
        assertThat(owner.delete(of + members).status()).isEqualTo(204);
        assertRefused(owner.delete(of + members), 404, 10008);
        assertThat(texts(owner.get("/channels/" + channel + "/messages").body(), "id"))
                .containsExactly(owners);
    }

    static List<String> texts(JsonNode array, String field) {
        return new ArrayList<>(StreamSupport.stream(array.spliterator(), false)
                .map(element -> element.path(field).asString())
                .toList());
    }

    private static void assertRefused(Reply reply, int status, int code) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.body().path("code").asInt(-1)).as("%s", reply).isEqualTo(code);
        assertThat(reply.text("message")).isNotEmpty();
    }
}
