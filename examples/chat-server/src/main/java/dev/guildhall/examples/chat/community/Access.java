package dev.guildhall.examples.chat.community;

import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.GuildRow;
import dev.guildhall.examples.chat.store.GuildTable;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MemberTable;
import dev.guildhall.examples.chat.store.UserRow;

/**
 * Who may see what: the members of a guild everything in it, others nothing. What does not exist is "unknown", what exists
 * but is somebody else's is "missing access". Usable from any thread; every call may block.
 */
final class Access {
    private final GuildTable guilds;
    private final MemberTable members;

    Access(GuildTable guilds, MemberTable members) {
        this.guilds = guilds;
        this.members = members;
    }

    GuildRow guild(UserRow user, long guildId) {
        GuildRow guild = guilds.find(guildId).orElseThrow(() -> new Refusal(Kind.UNKNOWN_GUILD));
        member(user, guildId);
        return guild;
    }

    ChannelRow channel(UserRow user, long channelId) {
        ChannelRow channel = guilds.findChannel(channelId).orElseThrow(() -> new Refusal(Kind.UNKNOWN_CHANNEL));
        member(user, channel.guildId());
        return channel;
    }

    /** The user's own membership of a guild that is known to exist. */
    MemberRow member(UserRow user, long guildId) {
        return members.find(guildId, user.id()).orElseThrow(() -> new Refusal(Kind.MISSING_ACCESS));
    }
}
