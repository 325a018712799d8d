package dev.guildhall.internal;

import dev.guildhall.Delivery;
import dev.guildhall.Event;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a passive subscription has not been told of yet: events it counted by itself, on another lane or while it was caught up, and
 * those that the group of its slice has counted since it is a member ({@link UnreadGroups}). Lane only.
 */
final class Unread {
    private long count;
    private long first;
    private long last;

    /** Null outside of a slice. */
    UnreadGroups.@Nullable Group group;

    /** What the group had counted when this joined it or was last told. */
    long countBefore;

    /** No event before this offset was counted by the group for this one; of use if {@code countBefore} is not 0. */
    long since;

    void count(LogEvent event) {
        add(1, event.offset, event.offset);
    }

    void add(long events, long from, long to) {
        if (events > 0) {
            first = count == 0 ? from : first;
            last = to;
            count += events;
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** A copy to go on counting with; only outside of a group. */
    Unread copy() {
        Unread copy = new Unread();
        copy.add(count, first, last);
        return copy;
    }

    /** Tells of what was counted, which is forgotten here; null if nothing was. */
    @Nullable
    LogEvent take(Incarnation guild) {
        if (count == 0) {
            return null;
        }
        LogEvent summary = summary(guild, first, last, count);
        count = 0;
        return summary;
    }

    /** A summary with the place of the last event it counts. */
    static LogEvent summary(Incarnation guild, long from, long to, long unread) {
        String payload = "{\"guild_id\":\"" + guild.jsonId() + "\",\"epoch\":" + guild.epoch() + ",\"from\":" + from
                + ",\"to\":" + to + ",\"unread\":" + unread + "}";
        EventBody body = new EventBody(Event.UNREAD, payload.getBytes(StandardCharsets.UTF_8), Delivery.RELIABLE);
        LogEvent summary = new LogEvent(body, Address.EVERYBODY, guild);
        summary.offset = to;
        return summary;
    }

    @Override
    public String toString() {
        return "Unread[" + count + (group == null ? "" : ", " + group) + "]";
    }
}
