package dev.guildhall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Presence.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresenceEncoderTest {

    private static String json(String guildId, PresenceUpdate... updates) {
        return new String(PresenceEncoder.JSON.encode(guildId, List.of(updates)), UTF_8);
    }

    @Test
    void eachUserIsAnObject() {
        assertThat(json(
                        "g",
                        new PresenceUpdate("ann", Status.DO_NOT_DISTURB, Activity.of("hi")),
                        new PresenceUpdate("bob", Status.OFFLINE, Activity.NONE),
                        new PresenceUpdate("cy", Status.IDLE, Activity.of(new byte[] {-1})),
                        new PresenceUpdate("dee", Status.ONLINE, Activity.NONE)))
                .isEqualTo("{\"guild_id\":\"g\",\"presences\":["
                        + "{\"user\":\"ann\",\"status\":\"dnd\",\"activity\":\"aGk=\"},"
                        + "{\"user\":\"bob\",\"status\":\"offline\",\"activity\":null},"
                        + "{\"user\":\"cy\",\"status\":\"idle\",\"activity\":\"/w==\"},"
                        + "{\"user\":\"dee\",\"status\":\"online\",\"activity\":null}]}");
    }

    @Test
    void noNameBreaksOutOfItsString() {
        String user = "q\"\\\n\u0000\u007fé\ud83d\ude00\ud800";
        assertThat(json("say \"hi\" \\", new PresenceUpdate(user, Status.ONLINE, Activity.NONE)))
                .isEqualTo("{\"guild_id\":\"say \\\"hi\\\" \\\\\",\"presences\":[{\"user\":"
                        + "\"q\\\"\\\\\\u000a\\u0000\u007fé\\ud83d\\ude00\\ud800\","
                        + "\"status\":\"online\",\"activity\":null}]}");
    }

    @Test
    void othersNeverSeeWhoIsInvisible() {
        assertThatThrownBy(() -> new PresenceUpdate("ann", Status.INVISIBLE, Activity.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("INVISIBLE");
    }
}
