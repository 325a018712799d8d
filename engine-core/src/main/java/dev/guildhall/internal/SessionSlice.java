package dev.guildhall.internal;

import java.util.Arrays;

/**
 * A slice of sessions with a connection: the walk appends to their rings. A receiver is the session's slot on its lane, so a
 * walk reads one int per session and then the ring, and never touches the session object itself.
 */
final class SessionSlice extends Slice {
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
        int count = 0;
        for (int i = 0, end = size; i < end; i++) {
            if ((interests[i] & need) == need) {
                count++;
                sessions.append(receivers[i], event);
            }
        }
        return count;
    }

    @Override
    int deliver(LogEvent[] events, int count, int from, int to) {
        LaneSessions sessions = guildLane.lane.sessions;
        int delivered = 0;
        for (int i = from; i < to; i++) {
            long mask = masks[i];
            int slot = slots[i];
            for (int k = 0; slot != LaneSessions.NO_SLOT && k < count; k++) {
                LogEvent event = events[k];
                if ((mask & event.need) == event.need) {
                    delivered++;
                    sessions.append(slot, event);
                }
            }
        }
        return delivered;
    }

    @Override
    void retain(LogEvent event) {
        guildLane.retain(event);
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
        guildLane.lane.memory.retain(event.weight());
    }
}
