package dev.guildhall.examples.chat.community;

import dev.guildhall.examples.chat.api.Intents;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.GuildRow;
import dev.guildhall.examples.chat.store.GuildTable;
import dev.guildhall.examples.chat.store.InviteRow;
import dev.guildhall.examples.chat.store.InviteTable;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MemberTable;
import dev.guildhall.examples.chat.store.UserRow;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** Guilds, their channels, members and invitations. Usable from any thread but a lane; every call may block. */
public final class Communities {
    private static final int MAX_GUILDS_OF_USER = 100;
    private static final int MAX_CHANNELS_OF_GUILD = 500;
    private static final int INVITE_LENGTH = 8;

    /** Without the letters and digits that people mistake for each other. */
    private static final String INVITE_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /** The tables that it reads and changes. */
    public record Tables(GuildTable guilds, MemberTable members, InviteTable invites) {}

    private final Tables tables;
    private final Access access;
    private final GuildEvents events;
    private final Presences presences;
    private final Arrivals arrivals;
    private final Snowflakes ids;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** Held per user while a membership is counted and added, so that two at once do not pass the bound together. */
    private final StripedLocks memberships = new StripedLocks();

    public Communities(
            Tables tables,
            GuildEvents events,
            Presences presences,
            Arrivals arrivals,
            Snowflakes ids,
            InstantSource clock) {
        this.tables = tables;
        this.access = new Access(tables.guilds(), tables.members());
        this.events = events;
        this.presences = presences;
        this.arrivals = arrivals;
        this.ids = ids;
        this.clock = clock;
    }

    public List<GuildRow> guildsOf(UserRow user) {
        return tables.guilds().ofUser(user.id());
    }

    public GuildRow create(UserRow owner, String name) {
        GuildRow guild = memberships.holding(owner.id(), () -> {
            refuseTooManyGuilds(owner);
            GuildRow added = new GuildRow(ids.next(), name, owner.id());
            ChannelRow general = new ChannelRow(ids.next(), added.id(), "general", 0, null);
            tables.guilds().add(added, general, clock.millis());
            return added;
        });
        arrivals.welcomeAll(owner.id(), guild.id());
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
        if (access.guild(user, guildId).ownerId() != user.id()) {
            throw new Refusal(Kind.MISSING_PERMISSIONS);
        }
        return events.inOrder(guildId, () -> {
            int position = tables.guilds().channels(guildId).size();
            if (position >= MAX_CHANNELS_OF_GUILD) {
                throw new Refusal(Kind.TOO_MANY_CHANNELS);
            }
            ChannelRow channel = new ChannelRow(ids.next(), guildId, name, position, null);
            tables.guilds().addChannel(channel);
            events.publish(guildId, "CHANNEL_CREATE", Intents.GUILDS, Shapes.channel(channel));
            return channel;
        });
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
        ChannelRow channel = access.channel(user, channelId);
        return events.inOrder(channel.guildId(), () -> {
            InviteTable invites = tables.invites();
            if (invites.find(channelId, user.id()).isEmpty()) {
                invites.add(inviteCode(), channelId, user.id());
            }
            return invites.find(channelId, user.id()).orElseThrow();
        });
    }

    public InviteRow findInvite(String code) {
        return tables.invites().find(code).orElseThrow(() -> new Refusal(Kind.UNKNOWN_INVITE));
    }

    /** Makes the user a member of the guild that the code leads to, if that is not so already. */
    public InviteRow join(UserRow user, String code) {
        InviteRow invite = findInvite(code);
        long guildId = invite.guildId();
        memberships.holding(
                user.id(),
                () -> events.inOrder(guildId, () -> {
                    MemberTable members = tables.members();
                    if (members.find(guildId, user.id()).isPresent()) {
                        return false;
                    }
                    refuseTooManyGuilds(user);
                    members.add(guildId, user.id(), clock.millis());
                    MemberRow member = access.member(user, guildId);
                    events.publish(guildId, "GUILD_MEMBER_ADD", Intents.GUILD_MEMBERS, Shapes.memberAdded(member));
                    presences.announceIn(guildId, user.id());
                    return true;
                }));
        arrivals.welcomeAll(user.id(), guildId);
        return invite;
    }

    public void leave(UserRow user, long guildId) {
        if (access.guild(user, guildId).ownerId() == user.id()) {
            throw new Refusal(Kind.OWNER_CANNOT_LEAVE);
        }
        events.inOrder(guildId, () -> {
            MemberRow member = access.member(user, guildId);
            tables.members().remove(guildId, user.id());
            events.publish(guildId, "GUILD_MEMBER_REMOVE", Intents.GUILD_MEMBERS, Shapes.memberRemoved(member));
            arrivals.dismiss(user.id(), guildId);
            return guildId;
        });
    }

    private void refuseTooManyGuilds(UserRow user) {
        if (tables.members().countGuilds(user.id()) >= MAX_GUILDS_OF_USER) {
            throw new Refusal(Kind.TOO_MANY_GUILDS);
        }
    }

    private String inviteCode() {
        StringBuilder code = new StringBuilder(INVITE_LENGTH);
        for (int i = 0; i < INVITE_LENGTH; i++) {
            code.append(INVITE_ALPHABET.charAt(random.nextInt(INVITE_ALPHABET.length())));
        }
        return code.toString();
    }
}
