package dev.guildhall.examples.chat.store;

import org.jspecify.annotations.Nullable;

/** A message; {@code editedMillis} is null if it was never changed. */
public record MessageRow(
        long id,
        long channelId,
        long authorId,
        String username,
        String content,
        @Nullable Long editedMillis) {

    /**
     * Who wrote it.
     *
     * @return the author's account
     */
    public UserRow author() {
        return new UserRow(authorId, username);
    }
}
