package dev.guildhall.examples.chat.community;

import dev.guildhall.Admission;
import dev.guildhall.Audience;
import dev.guildhall.Command;
import dev.guildhall.Event;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
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
import java.util.Set;
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

    /** The one role there is: a member sees all channels. */
    private static final Set<String> MEMBER = Set.of("member");

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
        tables.guilds().channels(id).forEach(channel -> define(guild, channel));
        if (guild.guild().nextOffset() > 0) {
            // One event for all, so it says when the owner joined, who is always a member.
            publish(
                    guild,
                    Audience.all(),
                    "GUILD_CREATE",
                    snapshot(tables.members().find(id, row.ownerId()).orElseThrow()));
        }
    }

    /** Members get the guild as it is now, and then what happens. */
    @Override
    public Admission onSubscribe(GuildContext guild, SubscribeRequest request) {
        Optional<MemberRow> self =
                tables.members().find(id, Long.parseLong(request.session().user()));
        Interests interests = guild.guild().channels().interestsOf(MEMBER, request.interests());
        return self.map(member ->
                        Admission.accept(interests).withWelcome(List.of(event("GUILD_CREATE", snapshot(member)))))
                .orElse(Admission.refuse());
    }

    private static void define(GuildContext guild, ChannelRow channel) {
        Outcome outcome = guild.guild().channels().define(name(channel.id()), MEMBER);
        if (!outcome.isAccepted()) {
            throw new IllegalStateException("channel " + channel.id() + " is " + outcome);
        }
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
        define(guild, channel);
        publish(guild, Audience.classes(Intents.GUILDS), "CHANNEL_CREATE", Shapes.channel(channel));
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
        publish(guild, Audience.classes(Intents.GUILD_MEMBERS), "GUILD_MEMBER_ADD", Shapes.memberAdded(member));
        return member;
    }

    private MemberRow leave(GuildContext guild, UserRow user) {
        MemberRow member = member(user);
        if (isOwner(member)) {
            throw new Refusal(Kind.OWNER_CANNOT_LEAVE);
        }
        tables.members().remove(id, user.id());
        publish(guild, Audience.classes(Intents.GUILD_MEMBERS), "GUILD_MEMBER_REMOVE", Shapes.memberRemoved(member));
        dismiss(guild, Long.toString(user.id()));
        return member;
    }

    /** The last that the user's sessions get of the guild is that they have lost it. */
    private void dismiss(GuildContext guild, String user) {
        publish(guild, Audience.users(Set.of(user)), "GUILD_DELETE", GuildShapes.guildDeleted(id));
        guild.guild().kick(user);
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
        publish(guild, messagesOf(post.channelId()), "MESSAGE_CREATE", event);
        return message;
    }

    private MessageRow edit(GuildContext guild, GuildCommand.Edit edit) {
        MemberRow member = member(edit.user());
        if (message(edit.channelId(), edit.messageId()).authorId() != member.userId()) {
            throw new Refusal(Kind.NOT_THE_AUTHOR);
        }
        tables.messages().edit(edit.messageId(), edit.content(), clock.millis());
        MessageRow edited = message(edit.channelId(), edit.messageId());
        publish(guild, messagesOf(edit.channelId()), "MESSAGE_UPDATE", Shapes.messageEvent(edited, member));
        return edited;
    }

    private MessageRow delete(GuildContext guild, GuildCommand.Delete delete) {
        MemberRow member = member(delete.user());
        MessageRow message = message(delete.channelId(), delete.messageId());
        if (message.authorId() != member.userId() && !isOwner(member)) {
            throw new Refusal(Kind.MISSING_PERMISSIONS);
        }
        tables.messages().remove(message.id());
        publish(guild, messagesOf(delete.channelId()), "MESSAGE_DELETE", Shapes.messageDeleted(message, id));
        return message;
    }

    private MemberRow typing(GuildContext guild, UserRow user, long channelId) {
        MemberRow member = member(user);
        Audience audience = Audience.channel(name(channelId), Intents.GUILD_MESSAGE_TYPING);
        publish(guild, audience, "TYPING_START", Shapes.typing(channelId, member, clock.millis()));
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

    /** Those who see the channel and asked for messages. */
    private static Audience messagesOf(long channelId) {
        return Audience.channel(name(channelId), Intents.GUILD_MESSAGES);
    }

    private static String name(long channelId) {
        return Long.toString(channelId);
    }

    private static void publish(GuildContext guild, Audience audience, String type, JsonNode payload) {
        guild.publish(event(type, payload).to(audience));
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
