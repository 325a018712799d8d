package dev.guildhall.internal;

import java.util.Arrays;

/**
 * A slice of sessions with a connection: the walk appends to their rings, or writes to them. A receiver is the session's slot on its
 * lane, so a walk reads one int per session, and then the ring if it appends or writes several events: the session object only if
 * that has to be woken.
 */
final class SessionSlice extends Slice {
    /** Receivers whose memory is asked for before the first of them is served: their cache misses overlap. */
    private static final int LOOK_AHEAD = 8;

    /** More where each takes little: what is asked for then is on its way together for the most part. */
    private static final int LOOK_AHEAD_OF_ONE = 32;

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
    int deliver(Batch batch, int from, int to) {
        long needs = batch.needs;
        long common = batch.commonNeeds;
        int ahead = batch.size == 1 ? LOOK_AHEAD_OF_ONE : LOOK_AHEAD;
        int delivered = 0;
        for (int i = from; i < to; i++) {
            if ((i - from) % ahead == 0) {
                touch(batch, i, Math.min(i + ahead, to));
            }
            int slot = slots[i];
            if (slot == LaneSessions.NO_SLOT) {
                continue;
            }
            if (needs == 0 || ((masks[i] & needs) == needs && (needs > 0 || getsAll(i, batch)))) {
                deliver(batch, slot);
                delivered += batch.size;
            } else if ((masks[i] & common) == common) {
                delivered += deliverMatching(batch, slot, i);
            }
        }
        return delivered;
    }

    private boolean getsAll(int index, Batch batch) {
        return batch.size == 1 ? matches(index, batch.events[0]) : hasAll(index);
    }

    private void deliver(Batch batch, int slot) {
        LaneSessions sessions = guildLane.lane.sessions;
        int written = batch.writesThrough ? sessions.writeThrough(slot, batch) : 0;
        if (written == 0 && batch.size > 1) {
            sessions.append(slot, batch);
        } else {
            for (int i = written; i < batch.size; i++) {
                sessions.append(slot, batch.places[i]);
            }
        }
    }

    private void touch(Batch batch, int from, int to) {
        LaneSessions sessions = guildLane.lane.sessions;
        long need = batch.commonNeeds;
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += (masks[i] & need) == need ? sessions.touch(slots[i], batch) : 0;
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
    boolean hasConnections() {
        return true;
    }

    @Override
    void begin(Batch batch) {
        batch.receivers = activeCount;
        for (int k = 0; k < batch.size; k++) {
            batch.places[k] = guildLane.lane.events.takeForWalk(batch.events[k]);
        }
    }

    @Override
    void end(Batch batch) {
        EventTable events = guildLane.lane.events;
        for (int k = 0; k < batch.size; k++) {
            events.endWalk(batch.places[k], batch.wholeRings);
        }
        if (batch.bundle != 0) {
            events.bundles.endWalk(batch.bundle, batch.bundleRings);
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
