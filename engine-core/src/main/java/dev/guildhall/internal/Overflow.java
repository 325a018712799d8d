package dev.guildhall.internal;

import dev.guildhall.OverflowPolicy;
import dev.guildhall.SessionOptions;

/** What happens to an event for which the backlog of a session has no room. Lane only. */
final class Overflow {
    private final LaneCounters counters;
    private final EventTable events;

    Overflow(LaneCounters counters, EventTable events) {
        this.counters = counters;
        this.events = events;
    }

    /** The backlog has no room: write, drop what counts for a moment only, or do what the session's policy says. */
    void add(SessionRing ring, int place) {
        LogEvent event = events.event(place);
        if (event.weight() > ring.session().options().maxBacklogBytes() && !(event instanceof ExpiringEvent)) {
            counters.dropped++;
            counters.delivered++;
            counters.gaps++;
            ring.session().lost(event);
            int notice = events.take(GapNotice.of(event));
            addOrMakeRoom(ring, notice);
            events.release(notice);
        } else {
            addOrMakeRoom(ring, place);
        }
    }

    private void addOrMakeRoom(SessionRing ring, int place) {
        ring.session().write(ring);
        LogEvent event = events.event(place);
        if (!(event instanceof ExpiringEvent) && !(event instanceof GapNotice) && ring.addToNotice(event)) {
            return;
        }
        boolean added = ring.add(place)
                || (ring.dropEphemerals() && ring.add(place))
                || (!(event instanceof ExpiringEvent) && makeRoom(ring, place));
        if (!added) {
            lose(ring, event);
        }
    }

    /** The event is not delivered; a session that goes on is told, beyond its bound: one notice a guild at most is there now. */
    private void lose(SessionRing ring, LogEvent event) {
        counters.dropped++;
        LocalSession session = ring.session();
        session.lost(event);
        if (session.isOpen()
                && session.options().overflow() == OverflowPolicy.DROP_OLDEST_WITH_GAP
                && !(event instanceof ExpiringEvent)) {
            GapNotice notice = GapNotice.of(event);
            ring.addNotice(notice);
            ring.dropAll();
            counters.delivered++;
            counters.gaps++;
        } else if (!session.isOpen() && !(event instanceof ExpiringEvent)) {
            ring.seal(); // what follows the hole must not be written
        }
    }

    private static boolean makeRoom(SessionRing ring, int place) {
        LocalSession session = ring.session();
        SessionOptions options = session.options();
        FlightLog.overflow(session, options.overflow().name(), ring.backlog(), ring.backlogBytes());
        if (options.overflow() == OverflowPolicy.DROP_OLDEST_WITH_GAP) {
            ring.dropOldest();
            if (ring.add(place)) {
                return true;
            }
            ring.dropHalf(); // notices of many guilds, or a large event, need more
            if (ring.add(place)) {
                return true;
            }
            ring.dropAll();
            return ring.add(place);
        }
        session.overflowed(ring);
        return ring.add(place);
    }
}
