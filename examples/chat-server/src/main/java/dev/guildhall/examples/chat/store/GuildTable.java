package dev.guildhall.examples.chat.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Guilds and their channels. Usable from any thread; every call may block. */
public final class GuildTable {
    // Ordered by the whole index, or H2 reads all messages of the channel.
    private static final String CHANNEL = """
            SELECT c.id, c.guild_id, c.name, c.position,
                   (SELECT m.id FROM messages m WHERE m.channel_id = c.id
                    ORDER BY m.channel_id, m.id DESC FETCH FIRST ROW ONLY) AS last_message_id
            FROM channels c""";

    private final Jdbi jdbi;

    public GuildTable(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Adds a guild with its first channel, and its owner as the first member; all or nothing.
     *
     * @return false if the owner is in so many guilds already; nothing is stored then
     */
    public boolean add(GuildRow guild, ChannelRow channel, long joinedMillis, int maxGuilds) {
        return jdbi.inTransaction(handle -> {
            if (!MemberTable.mayJoin(handle, guild.ownerId(), maxGuilds)) {
                return false;
            }
            handle.execute("INSERT INTO guilds VALUES (?, ?, ?)", guild.id(), guild.name(), guild.ownerId());
            handle.execute(
                    "INSERT INTO channels VALUES (?, ?, ?, ?)",
                    channel.id(),
                    guild.id(),
                    channel.name(),
                    channel.position());
            handle.execute("INSERT INTO members VALUES (?, ?, ?)", guild.id(), guild.ownerId(), joinedMillis);
            return true;
        });
    }

    public Optional<GuildRow> find(long id) {
        return jdbi.withHandle(handle -> handle.select("SELECT id, name, owner_id FROM guilds WHERE id = ?", id)
                .mapTo(GuildRow.class)
                .findOne());
    }

    public List<GuildRow> ofUser(long userId) {
        return jdbi.withHandle(
                handle -> handle.select("""
                        SELECT g.id, g.name, g.owner_id FROM members m JOIN guilds g ON g.id = m.guild_id
                        WHERE m.user_id = ? ORDER BY g.id""", userId).mapTo(GuildRow.class).list());
    }

    public void addChannel(ChannelRow channel) {
        jdbi.useHandle(handle -> handle.execute(
                "INSERT INTO channels VALUES (?, ?, ?, ?)",
                channel.id(),
                channel.guildId(),
                channel.name(),
                channel.position()));
    }

    public Optional<ChannelRow> findChannel(long id) {
        return jdbi.withHandle(handle -> handle.select(CHANNEL + " WHERE c.id = ?", id)
                .mapTo(ChannelRow.class)
                .findOne());
    }

    public List<ChannelRow> channels(long guildId) {
        return jdbi.withHandle(
                handle -> handle.select(CHANNEL + " WHERE c.guild_id = ? ORDER BY c.position, c.id", guildId)
                        .mapTo(ChannelRow.class)
                        .list());
    }
}
