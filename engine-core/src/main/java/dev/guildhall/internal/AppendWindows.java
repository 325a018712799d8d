package dev.guildhall.internal;

import java.util.Arrays;

/**
 * Where to append for sessions that are parked: the place in the ring and what room there is, in arrays by slot. A walk over
 * many stalled sessions then reads these arrays, one after the other, and of each ring only the place it writes to, where a
 * ring's own fields would be two or three cache lines more for each session and event.
 *
 * <p>A window is open from an append to a parked session until somebody looks at its ring; what was appended meanwhile is entered
 * there when it closes. Nothing is allocated before the first window opens. Lane only.
 */
final class AppendWindows {
    private static final int[] NONE = {};
    private static final int FIRST_CAPACITY = 64;

    private final EventTable events;
    private int[][] slots = {};
    private int[] heads = NONE;
    private int[] roomEvents = NONE;
    private int[] roomBytes = NONE;

    AppendWindows(EventTable events) {
        this.events = events;
    }

    /** Appends the event of a place and holds it, or answers false if no window is open or the event needs to be looked at. */
    boolean append(int slot, int place) {
        int cost = events.cost(place);
        if (!isOpen(slot) || cost < 0 || cost > roomBytes[slot]) {
            return false;
        }
        int[] window = slots[slot];
        window[heads[slot]++ & (window.length - 1)] = place;
        roomEvents[slot]--;
        roomBytes[slot] -= cost;
        events.hold(place);
        return true;
    }

    private boolean isOpen(int slot) {
        return slot < roomEvents.length && roomEvents[slot] > 0;
    }

    /** Opens a window if the ring has room for an event. */
    void open(int slot, SessionRing ring) {
        int room = ring.roomEvents();
        if (room <= 0) {
            return;
        }
        if (slot >= slots.length) {
            grow(Math.max(FIRST_CAPACITY, Integer.highestOneBit(slot) * 2));
        }
        slots[slot] = ring.slots();
        heads[slot] = ring.head();
        roomEvents[slot] = room;
        roomBytes[slot] = ring.roomBytes();
    }

    private void grow(int capacity) {
        int before = slots.length;
        slots = Arrays.copyOf(slots, capacity);
        Arrays.fill(slots, before, capacity, NONE);
        heads = Arrays.copyOf(heads, capacity);
        roomEvents = Arrays.copyOf(roomEvents, capacity);
        roomBytes = Arrays.copyOf(roomBytes, capacity);
    }

    /** Enters in the ring what was appended, and closes the window if one is open. */
    void close(int slot, SessionRing ring) {
        if (slot < slots.length && slots[slot] != NONE) {
            ring.appended(heads[slot], ring.roomBytes() - roomBytes[slot]);
            slots[slot] = NONE;
            roomEvents[slot] = 0;
        }
    }
}
