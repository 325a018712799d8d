package dev.guildhall.examples.chat.account;

import dev.guildhall.examples.chat.store.UserRow;

/** Somebody who has just proved who they are, and the token to prove it with from now on. */
public record Login(UserRow user, String token) {
    @Override
    public String toString() {
        return "Login[user=" + user.id() + "]";
    }
}
