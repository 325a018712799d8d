package dev.guildhall.internal;

import java.util.ArrayDeque;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A node of a session's inbox.
 *
 * @param event what was sent
 * @param next the node sent before, or null
 * @param depth how many nodes hang together from here on
 */
record Inbox(LogEvent event, @Nullable Inbox next, int depth) {

    /** The inbox of a session that has ended. */
    static final Inbox CLOSED = new Inbox(LogEvent.create("CLOSED", new byte[0]), null, 0);

    /** The events in the order they were sent. */
    static Collection<LogEvent> oldestFirst(@Nullable Inbox newest) {
        ArrayDeque<LogEvent> events = new ArrayDeque<>();
        for (Inbox node = newest; node != null; node = node.next) {
            events.addFirst(node.event);
        }
        return events;
    }
}
