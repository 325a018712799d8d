package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Guild;
import dev.guildhall.examples.chat.ApiClient.Reply;
import dev.guildhall.examples.chat.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A database that fails takes down the guild that it fails, and no other, until it works again. */
@Timeout(120)
class FailingGuildTest {
    private static final String STORE_A_MESSAGE = "INSERT INTO messages";
    private static final String LOAD_A_GUILD = "FROM guilds WHERE id";

    @TempDir
    Path folder;

    /** Statements that fail. */
    private final Set<String> broken = ConcurrentHashMap.newKeySet();

    private ChatServer server;
    private ApiClient ann;
    private String guild;
    private String channel;

    @BeforeEach
    void open() throws IOException {
        Database database = Database.open(folder);
        database.jdbi().setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                if (broken.stream().anyMatch(context.getRawSql()::contains)) {
                    throw new IllegalStateException("broken on purpose");
                }
            }
        });
        server = ChatServer.open(ChatOptions.anyPort(folder), database);
        ann = ApiClient.register(server, "ann");
        guild = ann.createGuild("Fragile");
        channel = ann.firstChannel(guild);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aGuildThatFailsSaysSoAndComesBackAndOthersGoOn() {
        String otherChannel = ann.firstChannel(ann.createGuild("Sound"));
        try (LiveClient live = LiveClient.connect(server, ann.token())) {
            live.await("GUILD_CREATE");
            live.await("GUILD_CREATE");
            assertThat(ann.say(channel, "before").status()).isEqualTo(200);

            broken.add(LOAD_A_GUILD);
            broken.add(STORE_A_MESSAGE);
            assertUnavailable(ann.say(channel, "lost"));
            broken.remove(STORE_A_MESSAGE);

            JsonNode gone = live.await("GUILD_DELETE");
            assertThat(gone.path("id").asString()).isEqualTo(guild);
            assertThat(gone.path("unavailable").asBoolean()).isTrue();
            assertUnavailable(ann.say(channel, "refused"));
            assertThat(ann.say(otherChannel, "elsewhere").status()).isEqualTo(200);
            assertThat(live.await("MESSAGE_CREATE", m -> isIn(otherChannel, m))
                            .path("content")
                            .asString())
                    .isEqualTo("elsewhere");

            broken.clear();
            JsonNode back = live.await("GUILD_CREATE");
            assertThat(back.path("id").asString()).isEqualTo(guild);
            assertThat(back.path("unavailable").asBoolean(true)).isFalse();
            assertThat(back.path("members")).hasSize(1);
            assertThat(back.path("presences")).hasSize(1);
            assertThat(back.path("channels").get(0).path("id").asString()).isEqualTo(channel);
            assertThat(ann.say(channel, "after").status()).isEqualTo(200);
            assertThat(live.await("MESSAGE_CREATE").path("content").asString()).isEqualTo("after");
        }
    }

    @Test
    void whoConnectsMeanwhileGetsTheGuildWhenItIsBack() {
        assertThat(ann.say(channel, "before").status()).isEqualTo(200);
        broken.add(LOAD_A_GUILD);
        broken.add(STORE_A_MESSAGE);
        assertUnavailable(ann.say(channel, "lost"));
        try (LiveClient live = LiveClient.connect(server, ann.token())) {
            assertThat(live.await("READY").path("guilds")).hasSize(1);
            assertUnavailable(ann.say(channel, "refused"));
            broken.clear();
            live.await("GUILD_CREATE");
            assertThat(live.typesSeen()).containsExactly("READY", "GUILD_CREATE");
            assertThat(ann.say(channel, "after").status()).isEqualTo(200);
            assertThat(live.await("MESSAGE_CREATE").path("content").asString()).isEqualTo("after");
        }
    }

    @Test
    void aRefusalIsNoFailureOfTheGuild() {
        Guild asked = server.engine().guild(guild);
        assertThat(ann.say(channel, "before").status()).isEqualTo(200);
        long epoch = asked.epoch();

        assertThat(ApiClient.register(server, "bob").say(channel, "no member").status())
                .isEqualTo(403);
        assertThat(ann.delete("/users/@me/guilds/" + guild).status()).isEqualTo(400);
        assertThat(ann.delete("/channels/" + channel + "/messages/1").status()).isEqualTo(404);

        assertThat(ann.say(channel, "after").status()).isEqualTo(200);
        assertThat(asked.epoch()).isEqualTo(epoch);
    }

    private static boolean isIn(String channel, JsonNode message) {
        return message.path("channel_id").asString().equals(channel);
    }

    private static void assertUnavailable(Reply reply) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(503);
        assertThat(reply.text("message")).isEqualTo("503: Service Unavailable");
        assertThat(reply.body().path("code").asInt(-1)).isZero();
    }
}
