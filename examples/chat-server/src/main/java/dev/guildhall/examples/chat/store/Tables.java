package dev.guildhall.examples.chat.store;

import org.jdbi.v3.core.Jdbi;

/** What guilds are stored in. */
public record Tables(GuildTable guilds, MemberTable members, InviteTable invites, MessageTable messages) {

    public static Tables of(Jdbi jdbi) {
        return new Tables(new GuildTable(jdbi), new MemberTable(jdbi), new InviteTable(jdbi), new MessageTable(jdbi));
    }
}
