package dev.guildhall.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * The events of a guild between the position up to which a session was served on one lane and the cursor of its slice on
 * another, read from the log.
 *
 * @param state whether they could be read
 * @param events those that match the subscription, in order; empty unless COMPLETE
 */
record CatchUp(State state, List<LogEvent> events) {

    enum State {
        /** All were there. */
        COMPLETE,
        /** A publisher has claimed a place and not filled it yet; try again soon. */
        NOT_YET,
        /** The log has overwritten some. */
        LOST
    }

    private static final CatchUp NOT_YET = new CatchUp(State.NOT_YET, List.of());
    private static final CatchUp LOST = new CatchUp(State.LOST, List.of());

    /** Reads the entries {@code from} to {@code to - 1}. */
    static CatchUp read(GuildLog log, long from, long to, long mask) {
        if (to - from > log.capacity()) {
            return LOST;
        }
        List<LogEvent> events = new ArrayList<>();
        for (long at = from; at < to; at++) {
            Object entry = log.read(at);
            long offset = entry == null ? -1 : GuildLog.offsetOf(entry);
            if (offset > at) {
                return LOST;
            }
            if (offset < at) {
                return NOT_YET;
            }
            if (entry instanceof LogEvent event && (mask & event.need) == event.need) {
                events.add(event);
            }
        }
        return new CatchUp(State.COMPLETE, events);
    }
}
