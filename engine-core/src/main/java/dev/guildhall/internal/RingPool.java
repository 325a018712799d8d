package dev.guildhall.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A lane's empty rings, the one used last on top because its memory is likely still in the cache. Lane only. */
final class RingPool {
    private static final int FIRST_CAPACITY = 64;

    private final int maxRings;
    private final EventTable events;
    private @Nullable SessionRing[] rings = new SessionRing[FIRST_CAPACITY];
    private int size;

    RingPool(int maxRings, EventTable events) {
        this.maxRings = maxRings;
        this.events = events;
    }

    SessionRing take() {
        if (size == 0) {
            return new SessionRing(events);
        }
        SessionRing ring = rings[--size];
        rings[size] = null;
        return ring == null ? new SessionRing(events) : ring;
    }

    void clear() {
        while (size > 0) {
            take().discard();
        }
    }

    /** Takes back an empty ring; one that grew, or that there is no room for, is left to the collector. */
    void give(SessionRing ring) {
        ring.unassign();
        if (!ring.isSmall() || size == maxRings) {
            ring.discard();
            return;
        }
        if (size == rings.length) {
            rings = Arrays.copyOf(rings, size * 2);
        }
        rings[size++] = ring;
    }
}
