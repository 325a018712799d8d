package dev.guildhall.examples.chat.community;

import dev.guildhall.Admission;
import dev.guildhall.Command;
import dev.guildhall.Event;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.SubscribeRequest;
import dev.guildhall.examples.chat.api.GuildShapes;
import dev.guildhall.examples.chat.api.GuildShapes.Snapshot;
import dev.guildhall.examples.chat.api.Intents;
import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.GuildRow;
import dev.guildhall.examples.chat.store.InviteRow;
import dev.guildhall.examples.chat.store.InviteTable;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MessageRow;
import dev.guildhall.examples.chat.store.Tables;
import dev.guildhall.examples.chat.store.UserRow;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a guild does. Its turns are one after the other, and in each of them it reads what a change depends on, takes ids, stores, and
 * publishes: so nobody sees a later message id before an earlier one, or an edit before its message, and each change is either in
 * the snapshot that an arriving session gets or published after it.
 *
 * <p>A database that fails makes the turn fail, and the guild with it: the engine starts it again, tells its members, and meanwhile answers
 * that it is unavailable. A {@link Refusal} is no failure.
 */
final class Community implements GuildHandler {
    private static final int MAX_CHANNELS = 500;

    /** Members that a client is given at once; it asks for the others when it needs them. */
    private static final int MAX_MEMBERS_AT_ONCE = 1_000;

    private static final int INVITE_LENGTH = 8;

    /** Without the letters and digits that people mistake for each other. */
    private static final String INVITE_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final long id;
    private final Tables tables;
    private final Guilds guilds;
    private final Snowflakes ids;
    private final InstantSource clock;

    /** Neither name nor owner ever change. */
    private @Nullable GuildRow row;

    Community(long id, Tables tables, Guilds guilds, Snowflakes ids, InstantSource clock) {
        this.id = id;
        this.tables = tables;
        this.guilds = guilds;
        this.ids = ids;
        this.clock = clock;
    }

    /** Loads the guild. If it was there before and has failed, its members have been told so; now they get it anew. */
    @Override
    public void onStart(GuildContext guild) {
        row = tables.guilds().find(id).orElseThrow();
        if (guild.guild().nextOffset() > 0) {
            // One event for all, so it says when the owner joined, who is always a member.
            publish(
                    guild,
                    "GUILD_CREATE",
                    0,
                    snapshot(tables.members().find(id, row.ownerId()).orElseThrow()));
        }
    }

    /** Members get the guild as it is now, and then what happens. */
    @Override
    public Admission onSubscribe(GuildContext guild, SubscribeRequest request) {
        Optional<MemberRow> self =
                tables.members().find(id, Long.parseLong(request.session().user()));
        return self.map(member -> Admission.accept().withWelcome(List.of(event("GUILD_CREATE", snapshot(member)))))
                .orElse(Admission.refuse());
    }

    @Override
    public Object onCommand(GuildContext guild, Command<?> command) {
        try {
            return new Answer.Granted<>(obey(guild, (GuildCommand<?>) command));
        } catch (Refusal refusal) {
            return new Answer.Refused<>(refusal);
        }
    }

    private Object obey(GuildContext guild, GuildCommand<?> command) {
        return switch (command) {
            case GuildCommand.CreateChannel(UserRow user, String name) -> createChannel(guild, user, name);
            case GuildCommand.Invite(UserRow user, long channel) -> invite(user, channel);
            case GuildCommand.Join(UserRow user) -> join(guild, user);
            case GuildCommand.Leave(UserRow user) -> leave(guild, user);
            case GuildCommand.Post post -> post(guild, post);
            case GuildCommand.Edit edit -> edit(guild, edit);
            case GuildCommand.Delete delete -> delete(guild, delete);
            case GuildCommand.Typing(UserRow user, long channel) -> typing(guild, user, channel);
        };
    }

    private ChannelRow createChannel(GuildContext guild, UserRow user, String name) {
        if (!isOwner(member(user))) {
            throw new Refusal(Kind.MISSING_PERMISSIONS);
        }
        int position = tables.guilds().channels(id).size();
        if (position >= MAX_CHANNELS) {
            throw new Refusal(Kind.TOO_MANY_CHANNELS);
        }
        ChannelRow channel = new ChannelRow(ids.next(), id, name, position, null);
        tables.guilds().addChannel(channel);
        publish(guild, "CHANNEL_CREATE", Intents.GUILDS, Shapes.channel(channel));
        return channel;
    }

    private InviteRow invite(UserRow user, long channelId) {
        member(user);
        InviteTable invites = tables.invites();
        if (invites.find(channelId, user.id()).isEmpty()) {
            invites.add(inviteCode(), channelId, user.id());
        }
        return invites.find(channelId, user.id()).orElseThrow();
    }

    private MemberRow join(GuildContext guild, UserRow user) {
        Optional<MemberRow> present = tables.members().find(id, user.id());
        if (present.isPresent()) {
            return present.get();
        }
        if (!tables.members().add(id, user.id(), clock.millis(), Communities.MAX_GUILDS_OF_USER)) {
            throw new Refusal(Kind.TOO_MANY_GUILDS);
        }
        MemberRow member = member(user);
        publish(guild, "GUILD_MEMBER_ADD", Intents.GUILD_MEMBERS, Shapes.memberAdded(member));
        return member;
    }

    private MemberRow leave(GuildContext guild, UserRow user) {
        MemberRow member = member(user);
        if (isOwner(member)) {
            throw new Refusal(Kind.OWNER_CANNOT_LEAVE);
        }
        tables.members().remove(id, user.id());
        publish(guild, "GUILD_MEMBER_REMOVE", Intents.GUILD_MEMBERS, Shapes.memberRemoved(member));
        guilds.dismiss(user.id(), guild.guild());
        return member;
    }

    private MessageRow post(GuildContext guild, GuildCommand.Post post) {
        UserRow author = post.user();
        MemberRow member = member(author);
        MessageRow message =
                new MessageRow(ids.next(), post.channelId(), author.id(), author.username(), post.content(), null);
        tables.messages().add(message);
        ObjectNode event = Shapes.messageEvent(message, member);
        if (post.nonce() != null) {
            event.set("nonce", post.nonce());
        }
        publish(guild, "MESSAGE_CREATE", Intents.GUILD_MESSAGES, event);
        return message;
    }

    private MessageRow edit(GuildContext guild, GuildCommand.Edit edit) {
        MemberRow member = member(edit.user());
        if (message(edit.channelId(), edit.messageId()).authorId() != member.userId()) {
            throw new Refusal(Kind.NOT_THE_AUTHOR);
        }
        tables.messages().edit(edit.messageId(), edit.content(), clock.millis());
        MessageRow edited = message(edit.channelId(), edit.messageId());
        publish(guild, "MESSAGE_UPDATE", Intents.GUILD_MESSAGES, Shapes.messageEvent(edited, member));
        return edited;
    }

    private MessageRow delete(GuildContext guild, GuildCommand.Delete delete) {
        MemberRow member = member(delete.user());
        MessageRow message = message(delete.channelId(), delete.messageId());
        if (message.authorId() != member.userId() && !isOwner(member)) {
            throw new Refusal(Kind.MISSING_PERMISSIONS);
        }
        tables.messages().remove(message.id());
        publish(guild, "MESSAGE_DELETE", Intents.GUILD_MESSAGES, Shapes.messageDeleted(message, id));
        return message;
    }

    private MemberRow typing(GuildContext guild, UserRow user, long channelId) {
        MemberRow member = member(user);
        publish(guild, "TYPING_START", Intents.GUILD_MESSAGE_TYPING, Shapes.typing(channelId, member, clock.millis()));
        return member;
    }

    private MemberRow member(UserRow user) {
        return tables.members().find(id, user.id()).orElseThrow(() -> new Refusal(Kind.MISSING_ACCESS));
    }

    private boolean isOwner(MemberRow member) {
        return row().ownerId() == member.userId();
    }

    private MessageRow message(long channelId, long messageId) {
        return tables.messages().find(channelId, messageId).orElseThrow(() -> new Refusal(Kind.UNKNOWN_MESSAGE));
    }

    private GuildRow row() {
        return Objects.requireNonNull(row, "a guild that has not started");
    }

    /** The guild as a member sees it. */
    private ObjectNode snapshot(MemberRow self) {
        List<MemberRow> shown = new ArrayList<>(tables.members().page(id, 0, MAX_MEMBERS_AT_ONCE));
        if (!shown.contains(self)) {
            shown.add(self);
        }
        return GuildShapes.guildCreate(new Snapshot(
                row(), tables.guilds().channels(id), shown, tables.members().count(id), self, guilds.presences(shown)));
    }

    /** Publishes to the members that asked for this kind of event. */
    private static void publish(GuildContext guild, String type, long intent, JsonNode payload) {
        guild.publish(event(type, payload).needing(intent));
    }

    private static Event event(String type, JsonNode payload) {
        return Event.of(type, Json.write(payload));
    }

    private static String inviteCode() {
        StringBuilder code = new StringBuilder(INVITE_LENGTH);
        for (int i = 0; i < INVITE_LENGTH; i++) {
            code.append(INVITE_ALPHABET.charAt(RANDOM.nextInt(INVITE_ALPHABET.length())));
        }
        return code.toString();
    }
}
