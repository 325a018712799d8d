package dev.guildhall.examples.chat.store;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Who belongs to which guild. Usable from any thread; every call may block. */
public final class MemberTable {
    private static final String MEMBER = """
            SELECT m.guild_id, m.user_id, u.username, m.joined_millis
            FROM members m JOIN users u ON u.id = m.user_id
            WHERE m.guild_id = :guild""";

    private final Jdbi jdbi;

    public MemberTable(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Makes a user a member of a guild.
     *
     * @return false if the user is in so many guilds already; nothing is stored then
     */
    public boolean add(long guildId, long userId, long joinedMillis, int maxGuilds) {
        return jdbi.inTransaction(handle -> {
            boolean mayJoin = mayJoin(handle, userId, maxGuilds);
            if (mayJoin) {
                handle.execute("INSERT INTO members VALUES (?, ?, ?)", guildId, userId, joinedMillis);
            }
            return mayJoin;
        });
    }

    /** Whether a user is in fewer guilds than allowed. It stays so until the transaction ends: the user's row is locked. */
    static boolean mayJoin(Handle handle, long userId, int maxGuilds) {
        handle.select("SELECT id FROM users WHERE id = ? FOR UPDATE", userId)
                .mapTo(Long.class)
                .one();
        return handle.select("SELECT COUNT(*) FROM members WHERE user_id = ?", userId)
                        .mapTo(Integer.class)
                        .one()
                < maxGuilds;
    }

    public void remove(long guildId, long userId) {
        jdbi.useHandle(
                handle -> handle.execute("DELETE FROM members WHERE guild_id = ? AND user_id = ?", guildId, userId));
    }

    public Optional<MemberRow> find(long guildId, long userId) {
        return jdbi.withHandle(handle -> handle.createQuery(MEMBER + " AND m.user_id = :user")
                .bind("guild", guildId)
                .bind("user", userId)
                .mapTo(MemberRow.class)
                .findOne());
    }

    public int count(long guildId) {
        return jdbi.withHandle(handle -> handle.select("SELECT COUNT(*) FROM members WHERE guild_id = ?", guildId)
                .mapTo(Integer.class)
                .one());
    }

    public List<Long> guildIds(long userId) {
        return jdbi.withHandle(
                handle -> handle.select("SELECT guild_id FROM members WHERE user_id = ? ORDER BY guild_id", userId)
                        .mapTo(Long.class)
                        .list());
    }

    /** Members with a larger user id than the given one, by user id. */
    public List<MemberRow> page(long guildId, long afterUserId, int limit) {
        return jdbi.withHandle(
                handle -> handle.createQuery(MEMBER + " AND m.user_id > :after ORDER BY m.user_id LIMIT :limit")
                        .bind("guild", guildId)
                        .bind("after", afterUserId)
                        .bind("limit", limit)
                        .mapTo(MemberRow.class)
                        .list());
    }

    /** Members whose name starts so, by name; upper and lower case are the same. */
    public List<MemberRow> named(long guildId, String prefix, int limit) {
        String lower = prefix.toLowerCase(Locale.ROOT);
        return jdbi.withHandle(handle -> handle.createQuery(
                        MEMBER + " AND LEFT(u.username, :length) = :prefix ORDER BY u.username LIMIT :limit")
                .bind("guild", guildId)
                .bind("length", lower.length())
                .bind("prefix", lower)
                .bind("limit", limit)
                .mapTo(MemberRow.class)
                .list());
    }

    /** Those of the given users who are members; users are few, as one request names them. */
    public List<MemberRow> among(long guildId, Collection<Long> userIds) {
        if (userIds.isEmpty()) {
            return List.of();
        }
        return jdbi.withHandle(handle -> handle.createQuery(MEMBER + " AND m.user_id IN (<users>) ORDER BY m.user_id")
                .bind("guild", guildId)
                .bindList("users", List.copyOf(userIds))
                .mapTo(MemberRow.class)
                .list());
    }
}
