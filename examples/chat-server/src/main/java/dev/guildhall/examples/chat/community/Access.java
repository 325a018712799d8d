package dev.guildhall.examples.chat.community;

import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.GuildRow;
import dev.guildhall.examples.chat.store.Tables;
import dev.guildhall.examples.chat.store.UserRow;

/**
 * Who may see what: the members of a guild everything in it, others nothing. What does not exist is "unknown", what exists
 * but is somebody else's is "missing access". Usable from any thread; every call may block.
 */
final class Access {
    private final Tables tables;

    Access(Tables tables) {
        this.tables = tables;
    }

    GuildRow guild(UserRow user, long guildId) {
        GuildRow guild = tables.guilds().find(guildId).orElseThrow(() -> new Refusal(Kind.UNKNOWN_GUILD));
        requireMember(user, guildId);
        return guild;
    }

    ChannelRow channel(UserRow user, long channelId) {
        ChannelRow channel = channel(channelId);
        requireMember(user, channel.guildId());
        return channel;
    }

    /** The guild that a channel is in, for commands, which the guild itself grants or not. */
    long guildOf(long channelId) {
        return channel(channelId).guildId();
    }

    private ChannelRow channel(long channelId) {
        return tables.guilds().findChannel(channelId).orElseThrow(() -> new Refusal(Kind.UNKNOWN_CHANNEL));
    }

    private void requireMember(UserRow user, long guildId) {
        if (tables.members().find(guildId, user.id()).isEmpty()) {
            throw new Refusal(Kind.MISSING_ACCESS);
        }
    }
}
