package dev.guildhall.examples.chat.store;

import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Invitations. Usable from any thread; every call may block. */
public final class InviteTable {
    private static final String INVITE = """
            SELECT i.code, g.id AS guild_id, g.name AS guild_name, c.id AS channel_id, c.name AS channel_name,
                   u.id AS inviter_id, u.username AS inviter_name
            FROM invites i
            JOIN channels c ON c.id = i.channel_id
            JOIN guilds g ON g.id = c.guild_id
            JOIN users u ON u.id = i.inviter_id""";

    private final Jdbi jdbi;

    public InviteTable(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    public void add(String code, long channelId, long inviterId) {
        jdbi.useHandle(handle -> handle.execute("INSERT INTO invites VALUES (?, ?, ?)", code, channelId, inviterId));
    }

    public Optional<InviteRow> find(String code) {
        return jdbi.withHandle(handle -> handle.select(INVITE + " WHERE i.code = ?", code)
                .mapTo(InviteRow.class)
                .findOne());
    }

    public Optional<InviteRow> find(long channelId, long inviterId) {
        return jdbi.withHandle(
                handle -> handle.select(INVITE + " WHERE i.channel_id = ? AND i.inviter_id = ?", channelId, inviterId)
                        .mapTo(InviteRow.class)
                        .findOne());
    }
}
