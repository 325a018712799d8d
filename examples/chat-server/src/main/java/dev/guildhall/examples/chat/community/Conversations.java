package dev.guildhall.examples.chat.community;

import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.store.MessageRow;
import dev.guildhall.examples.chat.store.MessageTable;
import dev.guildhall.examples.chat.store.Tables;
import dev.guildhall.examples.chat.store.UserRow;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Messages and the notice that somebody is typing one. Usable from any thread but a lane; every call may block. */
public final class Conversations {
    private final Access access;
    private final MessageTable messages;
    private final Guilds guilds;

    public Conversations(Tables tables, Guilds guilds) {
        this.access = new Access(tables);
        this.messages = tables.messages();
        this.guilds = guilds;
    }

    /**
     * Stores a message and tells the guild.
     *
     * @param nonce the client's own name for it, given back in the event; null if there is none
     */
    public MessageRow post(UserRow author, long channelId, String content, @Nullable JsonNode nonce) {
        return guilds.ask(access.guildOf(channelId), new GuildCommand.Post(author, channelId, content, nonce));
    }

    public MessageRow find(UserRow user, long channelId, long messageId) {
        access.channel(user, channelId);
        return messages.find(channelId, messageId).orElseThrow(() -> new Refusal(Kind.UNKNOWN_MESSAGE));
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
        return guilds.ask(access.guildOf(channelId), new GuildCommand.Edit(user, channelId, messageId, content));
    }

    /** Deletes a message, which its author may and the guild's owner. */
    public void delete(UserRow user, long channelId, long messageId) {
        guilds.ask(access.guildOf(channelId), new GuildCommand.Delete(user, channelId, messageId));
    }

    public void typing(UserRow user, long channelId) {
        guilds.ask(access.guildOf(channelId), new GuildCommand.Typing(user, channelId));
    }
}
