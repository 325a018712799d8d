package dev.guildhall.examples.chat.api;

import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.GuildRow;
import dev.guildhall.examples.chat.store.MemberRow;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of guilds, whole and in part. */
public final class GuildShapes {
    /**
     * What every member may do: change the own nick name, view channels, send messages, embed, attach, read history, use
     * external emoji, add reactions, connect, speak. Some libraries check it themselves before they send.
     */
    private static final String MEMBER_PERMISSIONS = Long.toString(
            1L << 26 | 1L << 10 | 1L << 11 | 1L << 14 | 1L << 15 | 1L << 16 | 1L << 18 | 1L << 6 | 1L << 20 | 1L << 21);

    private static final String OWNER_PERMISSIONS = Long.toString((1L << 50) - 1);
    private static final int AFK_TIMEOUT_SECONDS = 300;
    private static final int MAX_MEMBERS = 500_000;

    /** What of a guild changes from moment to moment, for a client that sees it for the first time. */
    public record Snapshot(
            GuildRow guild,
            List<ChannelRow> channels,
            List<MemberRow> members,
            int memberCount,
            MemberRow self,
            List<? extends JsonNode> presences) {}

    private GuildShapes() {}

    public static ObjectNode guild(GuildRow guild) {
        ObjectNode json = Json.object()
                .put("id", Json.id(guild.id()))
                .put("name", guild.name())
                .put("owner_id", Json.id(guild.ownerId()))
                .put("afk_timeout", AFK_TIMEOUT_SECONDS)
                .put("verification_level", 0)
                .put("default_message_notifications", 0)
                .put("explicit_content_filter", 0)
                .put("mfa_level", 0)
                .put("nsfw_level", 0)
                .put("nsfw", false)
                .put("premium_tier", 0)
                .put("premium_subscription_count", 0)
                .put("premium_progress_bar_enabled", false)
                .put("system_channel_flags", 0)
                .put("preferred_locale", "en-US")
                .put("max_members", MAX_MEMBERS)
                .put("max_presences", MAX_MEMBERS);
        for (String absent : List.of(
                "icon",
                "splash",
                "discovery_splash",
                "banner",
                "description",
                "vanity_url_code",
                "afk_channel_id",
                "system_channel_id",
                "rules_channel_id",
                "public_updates_channel_id",
                "application_id")) {
            json.putNull(absent);
        }
        json.putArray("roles").add(everyone(guild));
        for (String list : List.of("emojis", "features", "stickers")) {
            json.putArray(list);
        }
        return json;
    }

    public static ObjectNode guildCreate(Snapshot snapshot) {
        ObjectNode json = guild(snapshot.guild())
                .put("unavailable", false)
                .put("joined_at", Json.time(snapshot.self().joinedMillis()))
                .put("large", snapshot.memberCount() > snapshot.members().size())
                .put("member_count", snapshot.memberCount());
        json.set("channels", Json.array(snapshot.channels(), Shapes::channel));
        json.set("members", Json.array(snapshot.members(), Shapes::member));
        json.set("presences", Json.array(snapshot.presences(), p -> p));
        for (String list :
                List.of("threads", "voice_states", "stage_instances", "guild_scheduled_events", "soundboard_sounds")) {
            json.putArray(list);
        }
        return json;
    }

    public static ObjectNode guildDeleted(long guildId) {
        return Json.object().put("id", Json.id(guildId));
    }

    /** A guild in somebody's list of guilds. */
    public static ObjectNode partial(GuildRow guild, long userId) {
        boolean owner = guild.ownerId() == userId;
        ObjectNode json = Json.object()
                .put("id", Json.id(guild.id()))
                .put("name", guild.name())
                .putNull("icon")
                .putNull("banner")
                .put("owner", owner)
                .put("permissions", owner ? OWNER_PERMISSIONS : MEMBER_PERMISSIONS);
        json.putArray("features");
        return json;
    }

    /** The role that all members have; its id is the guild's. */
    private static ObjectNode everyone(GuildRow guild) {
        ObjectNode json = Json.object()
                .put("id", Json.id(guild.id()))
                .put("name", "@everyone")
                .put("color", 0)
                .put("hoist", false)
                .put("position", 0)
                .put("permissions", MEMBER_PERMISSIONS)
                .put("managed", false)
                .put("mentionable", false)
                .put("flags", 0)
                .putNull("icon")
                .putNull("unicode_emoji");
        json.putObject("colors")
                .put("primary_color", 0)
                .putNull("secondary_color")
                .putNull("tertiary_color");
        return json;
    }
}
