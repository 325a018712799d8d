package dev.guildhall.examples.chat.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Messages. Usable from any thread; every call may block.
 *
 * <p>Pages are ordered by both columns of the index although the channel is the same throughout: H2 walks the index only
 * then, and otherwise reads and sorts all messages of the channel.
 */
public final class MessageTable {
    private static final String MESSAGE = """
            SELECT m.id, m.channel_id, m.author_id, u.username, m.content, m.edited_millis
            FROM messages m JOIN users u ON u.id = m.author_id
            WHERE m.channel_id = :channel""";

    private final Jdbi jdbi;

    public MessageTable(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    public void add(MessageRow message) {
        jdbi.useHandle(handle -> handle.execute(
                "INSERT INTO messages VALUES (?, ?, ?, ?, NULL)",
                message.id(),
                message.channelId(),
                message.authorId(),
                message.content()));
    }

    public void edit(long id, String content, long editedMillis) {
        jdbi.useHandle(handle -> handle.execute(
                "UPDATE messages SET content = ?, edited_millis = ? WHERE id = ?", content, editedMillis, id));
    }

    public void remove(long id) {
        jdbi.useHandle(handle -> handle.execute("DELETE FROM messages WHERE id = ?", id));
    }

    public Optional<MessageRow> find(long channelId, long id) {
        return jdbi.withHandle(handle -> handle.createQuery(MESSAGE + " AND m.id = :id")
                .bind("channel", channelId)
                .bind("id", id)
                .mapTo(MessageRow.class)
                .findOne());
    }

    /** The newest messages older than the given id, newest first. */
    public List<MessageRow> before(long channelId, long id, int limit) {
        return page(MESSAGE + " AND m.id < :id ORDER BY m.channel_id, m.id DESC LIMIT :limit", channelId, id, limit);
    }

    /** The oldest messages newer than the given id, newest first all the same. */
    public List<MessageRow> after(long channelId, long id, int limit) {
        return page(MESSAGE + " AND m.id > :id ORDER BY m.channel_id DESC, m.id LIMIT :limit", channelId, id, limit)
                .reversed();
    }

    private List<MessageRow> page(String query, long channelId, long id, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(query)
                .bind("channel", channelId)
                .bind("id", id)
                .bind("limit", limit)
                .mapTo(MessageRow.class)
                .list());
    }
}
