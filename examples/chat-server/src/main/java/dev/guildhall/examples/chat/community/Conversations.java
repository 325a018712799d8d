package dev.guildhall.examples.chat.community;

import dev.guildhall.examples.chat.api.Intents;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.GuildTable;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MemberTable;
import dev.guildhall.examples.chat.store.MessageRow;
import dev.guildhall.examples.chat.store.MessageTable;
import dev.guildhall.examples.chat.store.UserRow;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Messages and the notice that somebody is typing one. Usable from any thread but a lane; every call may block. */
public final class Conversations {
    private final Access access;
    private final GuildTable guilds;
    private final MessageTable messages;
    private final GuildEvents events;
    private final Snowflakes ids;
    private final InstantSource clock;

    public Conversations(
            GuildTable guilds,
            MemberTable members,
            MessageTable messages,
            GuildEvents events,
            Snowflakes ids,
            InstantSource clock) {
        this.access = new Access(guilds, members);
        this.guilds = guilds;
        this.messages = messages;
        this.events = events;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Stores a message and tells the guild.
     *
     * @param nonce the client's own name for it, given back in the event; null if there is none
     */
    public MessageRow post(UserRow author, long channelId, String content, @Nullable JsonNode nonce) {
        long guildId = access.channel(author, channelId).guildId();
        return events.inOrder(guildId, () -> {
            MemberRow member = access.member(author, guildId);
            MessageRow message = new MessageRow(ids.next(), channelId, author.id(), author.username(), content, null);
            messages.add(message);
            ObjectNode event = Shapes.messageEvent(message, member);
            if (nonce != null) {
                event.set("nonce", nonce);
            }
            events.publish(guildId, "MESSAGE_CREATE", Intents.GUILD_MESSAGES, event);
            return message;
        });
    }

    public MessageRow find(UserRow user, long channelId, long messageId) {
        access.channel(user, channelId);
        return message(channelId, messageId);
    }

    /** The newest messages older than the given one, newest first. */
    public List<MessageRow> before(UserRow user, long channelId, long messageId, int limit) {
        access.channel(user, channelId);
        return messages.before(channelId, messageId, limit);
    }

    /** The oldest messages newer than the given one, newest first. */
    public List<MessageRow> after(UserRow user, long channelId, long messageId, int limit) {
        access.channel(user, channelId);
        return messages.after(channelId, messageId, limit);
    }

    public MessageRow edit(UserRow user, long channelId, long messageId, String content) {
        long guildId = access.channel(user, channelId).guildId();
        return events.inOrder(guildId, () -> {
            MemberRow member = access.member(user, guildId);
            if (message(channelId, messageId).authorId() != user.id()) {
                throw new Refusal(Kind.NOT_THE_AUTHOR);
            }
            messages.edit(messageId, content, clock.millis());
            MessageRow edited = message(channelId, messageId);
            events.publish(guildId, "MESSAGE_UPDATE", Intents.GUILD_MESSAGES, Shapes.messageEvent(edited, member));
            return edited;
        });
    }

    /** Deletes a message, which its author may and the guild's owner. */
    public void delete(UserRow user, long channelId, long messageId) {
        ChannelRow channel = access.channel(user, channelId);
        long guildId = channel.guildId();
        events.inOrder(guildId, () -> {
            access.member(user, guildId);
            MessageRow message = message(channelId, messageId);
            if (message.authorId() != user.id()
                    && guilds.find(guildId).orElseThrow().ownerId() != user.id()) {
                throw new Refusal(Kind.MISSING_PERMISSIONS);
            }
            messages.remove(messageId);
            events.publish(guildId, "MESSAGE_DELETE", Intents.GUILD_MESSAGES, Shapes.messageDeleted(message, guildId));
            return message;
        });
    }

    public void typing(UserRow user, long channelId) {
        long guildId = access.channel(user, channelId).guildId();
        MemberRow member = access.member(user, guildId);
        events.publishFleeting(
                guildId,
                "TYPING_START",
                Intents.GUILD_MESSAGE_TYPING,
                Shapes.typing(channelId, member, clock.millis()));
    }

    private MessageRow message(long channelId, long messageId) {
        return messages.find(channelId, messageId).orElseThrow(() -> new Refusal(Kind.UNKNOWN_MESSAGE));
    }
}
