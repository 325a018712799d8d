package dev.guildhall.internal;

import java.util.Arrays;

/**
 * What sessions were written without a turn and their rings do not know yet: a few places of events each, in one array by slot. A walk
 * then writes to neighbours in memory, and looks at a session's ring, which is two or three cache lines elsewhere, once in a dozen events.
 *
 * <p>A stage is open from a write through a ring that had nothing left to write until somebody looks at that ring; then what was staged is
 * entered there. Stages are full after {@value #LEAST} to {@value #MOST} events, which differs from neighbour to neighbour: not all
 * sessions of a guild, which get the same events, are to be looked at with the same event. Nothing is allocated before
 * the first stage opens. Lane only.
 */
final class WrittenStage {
    /** Events of one stage. */
    static final int MOST = 16;

    private static final int LEAST = 9;
    private static final int FIRST_CAPACITY = 64;

    /** One more than what is staged, or 0 if no stage is open. */
    private byte[] counts = {};

    /** What the events of each stage may weigh, so that all together are within its ring's bounds. */
    private int[] limits = {};

    private int[] places = {};

    /** Stages the plain event of a place, which the caller holds for the ring, or answers false if the ring has to be looked at. */
    boolean add(int slot, int place, int cost) {
        if (!hasRoom(slot) || cost > limits[slot]) {
            return false;
        }
        places[slot * MOST + counts[slot] - 1] = place;
        counts[slot]++;
        return true;
    }

    /** Whether a stage is open and not full. */
    boolean hasRoom(int slot) {
        return slot < counts.length && counts[slot] != 0 && counts[slot] <= LEAST + (slot & MOST - LEAST);
    }

    /** Opens a stage for a ring that has nothing left to write. */
    void open(int slot, SessionRing ring) {
        if (slot >= counts.length) {
            grow(Math.max(FIRST_CAPACITY, Integer.highestOneBit(slot) * 2));
        }
        counts[slot] = 1;
        limits[slot] = ring.mostBytesOfEach(MOST);
    }

    /** What says how many there are grows last, so that nobody relies on a place that could not be allocated. */
    private void grow(int capacity) {
        places = Arrays.copyOf(places, capacity * MOST);
        limits = Arrays.copyOf(limits, capacity);
        counts = Arrays.copyOf(counts, capacity);
    }

    /** Enters in the ring what was staged, and closes the stage if one is open. */
    void close(int slot, SessionRing ring) {
        if (slot < counts.length && counts[slot] > 0) {
            ring.addWritten(places, slot * MOST, counts[slot] - 1);
            counts[slot] = 0;
        }
    }
}
