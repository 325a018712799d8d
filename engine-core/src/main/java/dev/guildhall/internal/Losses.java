package dev.guildhall.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a ring drops of its oldest in one go, guild by guild: one notice tells of all that is lost of a guild, however much that
 * is, and has the place of the last of it.
 */
final class Losses {
    private final Map<Incarnation, Loss> losses = new LinkedHashMap<>();
    private @Nullable Loss last;

    private static final class Loss {
        final LogEvent first;
        long from;
        long to;
        long lost;
        int count;
        int position;

        Loss(LogEvent first) {
            this.first = first;
            from = fromOf(first);
            to = first.offset;
        }

        /** A notice may tell of a time from before the event that it follows. */
        static long fromOf(LogEvent event) {
            return event instanceof GapNotice notice ? notice.from : event.offset;
        }

        GapNotice notice() {
            if (count == 1 && first instanceof GapNotice same) {
                return same;
            }
            return GapNotice.of(first.incarnation(), from, to, lost);
        }
    }

    /**
     * Drops the oldest of what was never written until no more than so much of it is left; with -1, all that this connection has not
     * been written.
     */
    static void drop(SessionRing ring, int keepEvents, int keepBytes) {
        Losses losses = new Losses();
        int from = keepEvents < 0 ? ring.sent : ring.written;
        for (int position = from; position != ring.head && isAbove(ring, keepEvents, keepBytes); position++) {
            losses.drop(ring, position);
        }
        losses.tell(ring);
        while (ring.sent != ring.head && ring.placeAt(ring.sent) == EventTable.SKIPPED) {
            ring.pass();
        }
        ring.forgetSkipped();
    }

    private static boolean isAbove(SessionRing ring, int keepEvents, int keepBytes) {
        return ring.backlog > keepEvents || ring.backlogBytes > keepBytes;
    }

    private void drop(SessionRing ring, int position) {
        int place = ring.placeAt(position);
        LogEvent event = RingMarks.isTombstone(place) ? null : ring.events.event(place);
        if (event == null) {
            return;
        }
        if (event.isMark()) {
            tell(ring); // what was lost before the mark is told before it
            return;
        }
        LaneCounters counters = ring.events.counters;
        if (position - ring.written >= 0) {
            counters.dropped++;
        }
        ring.skip(position);
        if (event instanceof ExpiringEvent) {
            ring.session().lost(event);
            ring.ephemerals--;
            return;
        }
        if (!(event instanceof GapNotice)) {
            counters.gaps++;
        }
        add(position, event);
    }

    private void tell(SessionRing ring) {
        losses.values().forEach(loss -> tell(ring, loss.notice(), loss.position));
        losses.clear();
        last = null;
    }

    /** Widens the newest notice of the event's guild by it; false if there is none. */
    static boolean addToNotice(SessionRing ring, LogEvent lost) {
        for (int position = ring.head - 1; position - ring.written >= 0; position--) {
            int place = ring.placeAt(position);
            if (!RingMarks.isTombstone(place)
                    && ring.events.event(place) instanceof GapNotice notice
                    && notice.incarnation() == lost.incarnation()) {
                long from = Math.min(notice.from, lost.offset);
                long to = Math.max(notice.offset, lost.offset);
                GapNotice wider = GapNotice.of(notice.incarnation(), from, to, notice.lost + 1);
                ring.backlogBytes += wider.weight() - notice.weight();
                ring.setPlace(position, ring.events.take(wider));
                ring.events.release(place);
                ring.events.counters.dropped++;
                ring.events.counters.gaps++;
                ring.session().lost(lost);
                return true;
            }
        }
        return false;
    }

    private static void tell(SessionRing ring, GapNotice notice, int position) {
        ring.session().lost(notice);
        ring.setPlace(position, ring.events.take(notice));
        ring.skipped--;
        if (position - ring.written >= 0) {
            ring.backlog++;
            ring.backlogBytes += notice.weight();
            ring.events.counters.delivered++;
        } else {
            ring.replay++;
            ring.replayBytes += notice.weight();
        }
    }

    /** Adds what was at a position: an event, or a notice of earlier losses. */
    private void add(int position, LogEvent event) {
        Loss loss = last;
        if (loss == null || loss.first.incarnation() != event.incarnation()) {
            loss = losses.computeIfAbsent(event.incarnation(), guild -> new Loss(event));
            last = loss;
        }
        loss.position = position;
        loss.from = Math.min(loss.from, Loss.fromOf(event));
        loss.to = Math.max(loss.to, event.offset); // an UNREAD may follow later events
        loss.lost += event instanceof GapNotice notice ? notice.lost : 1;
        loss.count++;
    }
}
