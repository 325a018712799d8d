package dev.guildhall.examples.chat.api;

import dev.guildhall.Presence.Status;
import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.GuildRow;
import dev.guildhall.examples.chat.store.InviteRow;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MessageRow;
import dev.guildhall.examples.chat.store.UserRow;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of people, channels, messages and what happens to them; guilds are in {@link GuildShapes}. Each holds all fields
 * that a client library was seen to break without.
 */
public final class Shapes {
    private static final int TEXT_CHANNEL = 0;

    private Shapes() {}

    public static ObjectNode user(UserRow user) {
        return Json.object()
                .put("id", Json.id(user.id()))
                .put("username", user.username())
                .put("discriminator", "0")
                .putNull("global_name")
                .putNull("avatar")
                .put("bot", false)
                .put("system", false)
                .put("public_flags", 0)
                .put("flags", 0);
    }

    /** A user as that user alone may see it. */
    public static ObjectNode ownUser(UserRow user) {
        return user(user)
                .put("verified", true)
                .put("mfa_enabled", false)
                .putNull("email")
                .put("locale", "en-US");
    }

    public static ObjectNode member(MemberRow member) {
        ObjectNode json = memberWithoutUser(member);
        json.set("user", user(member.user()));
        return json;
    }

    public static ObjectNode memberWithoutUser(MemberRow member) {
        ObjectNode json = Json.object()
                .putNull("nick")
                .putNull("avatar")
                .put("joined_at", Json.time(member.joinedMillis()))
                .putNull("premium_since")
                .put("deaf", false)
                .put("mute", false)
                .put("flags", 0)
                .put("pending", false)
                .putNull("communication_disabled_until");
        json.putArray("roles");
        return json;
    }

    public static ObjectNode channel(ChannelRow channel) {
        ObjectNode json = Json.object()
                .put("id", Json.id(channel.id()))
                .put("type", TEXT_CHANNEL)
                .put("guild_id", Json.id(channel.guildId()))
                .put("name", channel.name())
                .put("position", channel.position())
                .putNull("topic")
                .put("nsfw", false)
                .putNull("parent_id")
                .put("rate_limit_per_user", 0)
                .put("flags", 0);
        Long last = channel.lastMessageId();
        json.put("last_message_id", last == null ? null : Json.id(last));
        json.putArray("permission_overwrites");
        return json;
    }

    public static ObjectNode message(MessageRow message) {
        Long edited = message.editedMillis();
        ObjectNode json = Json.object()
                .put("id", Json.id(message.id()))
                .put("channel_id", Json.id(message.channelId()))
                .put("content", message.content())
                .put("timestamp", Json.time(Snowflakes.millis(message.id())))
                .put("edited_timestamp", edited == null ? null : Json.time(edited))
                .put("tts", false)
                .put("mention_everyone", false)
                .put("pinned", false)
                .put("type", 0)
                .put("flags", 0);
        json.set("author", user(message.author()));
        for (String list : List.of("mentions", "mention_roles", "attachments", "embeds", "components")) {
            json.putArray(list);
        }
        return json;
    }

    /** A message as an event tells it: with its guild, and its author as a member of it. */
    public static ObjectNode messageEvent(MessageRow message, MemberRow author) {
        ObjectNode json = message(message).put("guild_id", Json.id(author.guildId()));
        json.set("member", memberWithoutUser(author));
        return json;
    }

    public static ObjectNode messageDeleted(MessageRow message, long guildId) {
        return Json.object()
                .put("id", Json.id(message.id()))
                .put("channel_id", Json.id(message.channelId()))
                .put("guild_id", Json.id(guildId));
    }

    public static ObjectNode typing(long channelId, MemberRow member, long millis) {
        ObjectNode json = Json.object()
                .put("channel_id", Json.id(channelId))
                .put("guild_id", Json.id(member.guildId()))
                .put("user_id", Json.id(member.userId()))
                .put("timestamp", millis / 1000);
        json.set("member", member(member));
        return json;
    }

    /** How present somebody looks to a guild. */
    public static ObjectNode presence(String guildId, String userId, Status status) {
        String name = status == Status.DO_NOT_DISTURB ? "dnd" : status.name().toLowerCase(Locale.ROOT);
        ObjectNode json = Json.object().put("guild_id", guildId).put("status", name);
        json.putObject("user").put("id", userId);
        json.putArray("activities");
        ObjectNode devices = json.putObject("client_status");
        if (status != Status.OFFLINE) {
            devices.put("web", name);
        }
        return json;
    }

    public static ObjectNode memberAdded(MemberRow member) {
        return member(member).put("guild_id", Json.id(member.guildId()));
    }

    public static ObjectNode memberRemoved(MemberRow member) {
        ObjectNode json = Json.object().put("guild_id", Json.id(member.guildId()));
        json.set("user", user(member.user()));
        return json;
    }

    public static ObjectNode invite(InviteRow invite) {
        ObjectNode json = Json.object().put("code", invite.code()).put("type", 0);
        json.putObject("guild").put("id", Json.id(invite.guildId())).put("name", invite.guildName());
        json.putObject("channel")
                .put("id", Json.id(invite.channelId()))
                .put("name", invite.channelName())
                .put("type", TEXT_CHANNEL);
        json.set("inviter", user(new UserRow(invite.inviterId(), invite.inviterName())));
        return json;
    }

    /** What the application adds to READY; the gateway puts in the fields of the session itself. */
    public static ObjectNode ready(UserRow user, List<GuildRow> guilds) {
        ObjectNode json = Json.object();
        json.set("user", ownUser(user));
        json.set("guilds", Json.array(guilds, Shapes::unavailable));
        json.putArray("private_channels");
        json.putObject("application").put("id", Json.id(user.id())).put("flags", 0);
        return json;
    }

    private static JsonNode unavailable(GuildRow guild) {
        return Json.object().put("id", Json.id(guild.id())).put("unavailable", true);
    }
}
