package dev.guildhall.internal;

import java.util.Arrays;

/**
 * A slice of sessions with a connection: the walk appends to their rings, or writes to them. A receiver is the session's slot on its
 * lane, so a walk that appends reads one int per session and then the ring, and never touches the session object itself.
 */
final class SessionSlice extends Slice {
    /** Receivers whose memory is asked for before the first of them is served: their cache misses overlap. */
    private static final int LOOK_AHEAD = 8;

    /** More where each takes little: what is asked for then is on its way together for the most part. */
    private static final int LOOK_AHEAD_THROUGH = 32;

    private int[] slots = new int[masks.length];

    SessionSlice(GuildLane guildLane) {
        super(guildLane);
    }

    @Override
    int deliver(LogEvent event) {
        LaneSessions sessions = guildLane.lane.sessions;
        long[] interests = masks;
        int[] receivers = slots;
        long need = event.need;
        EventTable events = guildLane.lane.events;
        int place = events.takeForWalk(event);
        int count = 0;
        try {
            int end = activeCount;
            if (need == 0) {
                for (int i = 0; i < end; i++) {
                    sessions.append(receivers[i], place);
                }
                count = end;
            } else {
                for (int i = 0; i < end; i++) {
                    if ((interests[i] & need) == need && (need > 0 || isConfirmed(i, event))) {
                        count++;
                        sessions.append(receivers[i], place);
                    }
                }
            }
        } finally {
            events.endWalk(place, 0);
        }
        return count;
    }

    @Override
    int deliverThrough(LogEvent event) {
        LaneSessions sessions = guildLane.lane.sessions;
        EventTable events = guildLane.lane.events;
        int place = events.takeForWalk(event);
        int count = 0;
        int written = 0;
        try {
            for (int i = 0; i < activeCount; i++) {
                if (i % LOOK_AHEAD_THROUGH == 0) {
                    touch(i, Math.min(i + LOOK_AHEAD_THROUGH, activeCount), event.need, false, true);
                }
                if (matches(i, event)) {
                    count++;
                    if (sessions.writeThrough(slots[i], event, place)) {
                        written++;
                    } else {
                        sessions.append(slots[i], place);
                    }
                }
            }
        } finally {
            events.endWalk(place, written);
            guildLane.lane.counters.delivered += written;
            guildLane.lane.counters.written += written;
        }
        return count;
    }

    @Override
    int deliver(Batch batch, int from, int to) {
        long needs = batch.needs;
        long common = batch.commonNeeds;
        int delivered = 0;
        for (int i = from; i < to; i++) {
            if ((i - from) % LOOK_AHEAD == 0) {
                touch(i, Math.min(i + LOOK_AHEAD, to), common, true, batch.writesThrough);
            }
            int slot = slots[i];
            if (slot == LaneSessions.NO_SLOT) {
                continue;
            }
            if (needs == 0 || ((masks[i] & needs) == needs && (needs > 0 || hasAll(i)))) {
                deliver(batch, slot);
                delivered += batch.size;
            } else if ((masks[i] & common) == common) {
                delivered += deliverMatching(batch, slot, i);
            }
        }
        return delivered;
    }

    private void deliver(Batch batch, int slot) {
        LaneSessions sessions = guildLane.lane.sessions;
        int written = batch.writesThrough ? sessions.writeThrough(slot, batch) : 0;
        if (written == 0) {
            sessions.append(slot, batch);
        } else {
            for (int i = written; i < batch.size; i++) {
                sessions.append(slot, batch.places[i]);
            }
        }
    }

    /** Asks for what appending to some receivers will touch, or {@linkplain LaneSessions#touchThrough writing} to them. */
    private void touch(int from, int to, long need, boolean isAppended, boolean isWritten) {
        LaneSessions sessions = guildLane.lane.sessions;
        int sum = 0;
        for (int i = from; i < to; i++) {
            if ((masks[i] & need) == need) {
                sum += isAppended ? sessions.touch(slots[i]) : 0;
                sum += isWritten ? sessions.touchThrough(slots[i]) : 0;
            }
        }
        sessions.touched(sum);
    }

    private int deliverMatching(Batch batch, int slot, int index) {
        LaneSessions sessions = guildLane.lane.sessions;
        int delivered = 0;
        for (int k = 0; k < batch.size; k++) {
            if (matches(index, batch.events[k])) {
                delivered++;
                sessions.append(slot, batch.places[k]);
            }
        }
        return delivered;
    }

    @Override
    void begin(Batch batch) {
        for (int k = 0; k < batch.size; k++) {
            batch.places[k] = guildLane.lane.events.takeForWalk(batch.events[k]);
        }
    }

    @Override
    void end(Batch batch) {
        for (int k = 0; k < batch.size; k++) {
            guildLane.lane.events.endWalk(batch.places[k], batch.wholeRings);
        }
    }

    @Override
    void growReceivers(int capacity) {
        slots = Arrays.copyOf(slots, capacity);
    }

    @Override
    void setReceiver(int index, LocalSubscription subscription) {
        slots[index] = subscription.session.slot;
    }

    @Override
    void moveReceiver(int from, int to) {
        slots[to] = slots[from];
    }

    @Override
    void clearReceiver(int index) {
        slots[index] = LaneSessions.NO_SLOT;
    }

    @Override
    void deliverTo(int index, LogEvent event) {
        guildLane.lane.sessions.append(slots[index], event);
    }
}
