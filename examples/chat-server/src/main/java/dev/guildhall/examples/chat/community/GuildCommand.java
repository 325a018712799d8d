package dev.guildhall.examples.chat.community;

import dev.guildhall.Command;
import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.InviteRow;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MessageRow;
import dev.guildhall.examples.chat.store.UserRow;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What can be asked of a guild; {@link Community} does it. */
sealed interface GuildCommand<R> extends Command<Answer<R>> {

    record CreateChannel(UserRow user, String name) implements GuildCommand<ChannelRow> {}

    /** The user's invitation into a channel; asked for again it is the same one. */
    record Invite(UserRow user, long channelId) implements GuildCommand<InviteRow> {}

    /** Makes the user a member, if that is not so already. */
    record Join(UserRow user) implements GuildCommand<MemberRow> {}

    record Leave(UserRow user) implements GuildCommand<MemberRow> {}

    /** A new message; {@code nonce} is the client's own name for it, given back in the event, null if there is none. */
    record Post(
            UserRow user,
            long channelId,
            String content,
            @Nullable JsonNode nonce) implements GuildCommand<MessageRow> {}

    record Edit(UserRow user, long channelId, long messageId, String content) implements GuildCommand<MessageRow> {}

    /** Deletes a message, which its author may and the guild's owner. */
    record Delete(UserRow user, long channelId, long messageId) implements GuildCommand<MessageRow> {}

    record Typing(UserRow user, long channelId) implements GuildCommand<MemberRow> {}
}
