package dev.guildhall.examples.chat.community;

import dev.guildhall.GuildHandler;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.GuildRow;
import dev.guildhall.examples.chat.store.InviteRow;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.Tables;
import dev.guildhall.examples.chat.store.UserRow;
import java.time.InstantSource;
import java.util.List;

/**
 * Guilds, their channels, members and invitations: reads them, and asks the guilds to change them. Usable from any thread but a lane;
 * every call may block.
 */
public final class Communities {
    static final int MAX_GUILDS_OF_USER = 100;

    private final Tables tables;
    private final Access access;
    private final Guilds guilds;
    private final Snowflakes ids;
    private final InstantSource clock;

    public Communities(Tables tables, Guilds guilds, Snowflakes ids, InstantSource clock) {
        this.tables = tables;
        this.access = new Access(tables);
        this.guilds = guilds;
        this.ids = ids;
        this.clock = clock;
    }

    /** The code of a guild, for one start of it. */
    public GuildHandler handler(String guildId) {
        return new Community(Long.parseLong(guildId), tables, guilds, ids, clock);
    }

    public List<GuildRow> guildsOf(UserRow user) {
        return tables.guilds().ofUser(user.id());
    }

    public GuildRow create(UserRow owner, String name) {
        GuildRow guild = new GuildRow(ids.next(), name, owner.id());
        ChannelRow general = new ChannelRow(ids.next(), guild.id(), "general", 0, null);
        if (!tables.guilds().add(guild, general, clock.millis(), MAX_GUILDS_OF_USER)) {
            throw new Refusal(Kind.TOO_MANY_GUILDS);
        }
        guilds.enter(owner.id(), guild.id());
        return guild;
    }

    public GuildRow guild(UserRow user, long guildId) {
        return access.guild(user, guildId);
    }

    public List<ChannelRow> channels(UserRow user, long guildId) {
        access.guild(user, guildId);
        return tables.guilds().channels(guildId);
    }

    public ChannelRow channel(UserRow user, long channelId) {
        return access.channel(user, channelId);
    }

    public ChannelRow createChannel(UserRow user, long guildId, String name) {
        access.guild(user, guildId);
        return guilds.ask(guildId, new GuildCommand.CreateChannel(user, name));
    }

    public List<MemberRow> members(UserRow user, long guildId, long afterUserId, int limit) {
        access.guild(user, guildId);
        return tables.members().page(guildId, afterUserId, limit);
    }

    public MemberRow member(UserRow user, long guildId, long memberId) {
        access.guild(user, guildId);
        return tables.members().find(guildId, memberId).orElseThrow(() -> new Refusal(Kind.UNKNOWN_MEMBER));
    }

    /** The user's invitation into a channel's guild; asked for again it is the same one. */
    public InviteRow invite(UserRow user, long channelId) {
        return guilds.ask(access.guildOf(channelId), new GuildCommand.Invite(user, channelId));
    }

    public InviteRow findInvite(String code) {
        return tables.invites().find(code).orElseThrow(() -> new Refusal(Kind.UNKNOWN_INVITE));
    }

    /** Makes the user a member of the guild that the code leads to, if that is not so already. */
    public InviteRow join(UserRow user, String code) {
        InviteRow invite = findInvite(code);
        guilds.ask(invite.guildId(), new GuildCommand.Join(user));
        guilds.enter(user.id(), invite.guildId());
        return invite;
    }

    public void leave(UserRow user, long guildId) {
        access.guild(user, guildId);
        guilds.ask(guildId, new GuildCommand.Leave(user));
    }
}
