package dev.guildhall.examples.chat.store;

/** Somebody's membership of a guild. */
public record MemberRow(long guildId, long userId, String username, long joinedMillis) {

    /**
     * Who it is.
     *
     * @return the member's account
     */
    public UserRow user() {
        return new UserRow(userId, username);
    }
}
