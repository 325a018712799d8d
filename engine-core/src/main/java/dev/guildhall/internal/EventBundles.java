package dev.guildhall.internal;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Batches of plain events that rings of one lane hold as one: a ring that was written a whole batch stores one number instead of a place
 * for each event, and forgets them in one visit. What a ring holds of a guild's last thousand events is a cache line then, where it
 * would be four kilobytes, and of thousands of rings more than any cache has.
 *
 * <p>A bundle holds the places of its events in the {@link EventTable} from when it is made until nobody holds the bundle. A walk that
 * makes one holds it as it holds places. Numbers of bundles are above all places.
 *
 * <p>Lane only.
 */
final class EventBundles {
    /** Events from which on a bundle takes no more than their places in two rings. */
    static final int LEAST_EVENTS = 8;

    /** Receivers of a batch from which on that many rings may hold its bundle. */
    static final int LEAST_RINGS = 2;

    private static final int FIRST_NUMBER = 1 << 30;
    private static final int FIRST_CAPACITY = 16;

    /** What a bundle takes beside the places of its events, in bytes. */
    private static final int BUNDLE_BYTES = 16 + 4 * Integer.BYTES;

    private final EventTable events;
    private int[] @Nullable [] places = new int[FIRST_CAPACITY][];
    private int[] bytes = new int[FIRST_CAPACITY];
    private int[] holders = new int[FIRST_CAPACITY];
    private int[] free = new int[FIRST_CAPACITY];
    private int freeCount;
    private int used;

    EventBundles(EventTable events) {
        this.events = events;
    }

    static boolean isBundle(int place) {
        return place >= FIRST_NUMBER;
    }

    /** Makes a bundle of a batch; its walk holds it until {@link #endWalk}. */
    int takeForWalk(Batch batch) {
        if (freeCount == 0 && used == places.length) {
            grow();
        }
        int[] held = Arrays.copyOf(batch.places, batch.size);
        int index = freeCount > 0 ? free[--freeCount] : used++;
        places[index] = held;
        bytes[index] = (int) batch.bytes;
        holders[index] = EventTable.WALK;
        for (int place : held) {
            events.hold(place);
        }
        events.addRingBytes(memory(held));
        return FIRST_NUMBER + index;
    }

    /** The walk is over, and so many rings took the bundle. */
    void endWalk(int bundle, int rings) {
        int index = bundle - FIRST_NUMBER;
        holders[index] += rings - EventTable.WALK;
        if (holders[index] == 0) {
            free(index);
        }
    }

    void release(int bundle) {
        int index = bundle - FIRST_NUMBER;
        if (--holders[index] == 0) {
            free(index);
        }
    }

    private void free(int index) {
        int[] held = placesOf(index);
        for (int place : held) {
            events.release(place);
        }
        places[index] = null;
        events.addRingBytes(-memory(held));
        free[freeCount++] = index;
    }

    private static int memory(int[] held) {
        return BUNDLE_BYTES + held.length * Integer.BYTES;
    }

    /** How many events it has. */
    int size(int bundle) {
        return placesOf(bundle - FIRST_NUMBER).length;
    }

    /** Nominal bytes of its events. */
    int bytes(int bundle) {
        return bytes[bundle - FIRST_NUMBER];
    }

    /** How many events had got a place before its last one. */
    long age(int bundle) {
        int[] held = placesOf(bundle - FIRST_NUMBER);
        return events.age(held[held.length - 1]);
    }

    /** Puts the places of its events into a ring's slots, which hold these instead of the bundle then; answers how many. */
    int unpack(int bundle, int[] slots, int from) {
        int[] held = placesOf(bundle - FIRST_NUMBER);
        for (int place : held) {
            events.hold(place);
        }
        System.arraycopy(held, 0, slots, from, held.length);
        release(bundle);
        return held.length;
    }

    private int[] placesOf(int index) {
        return Objects.requireNonNull(places[index], "a bundle that nobody holds");
    }

    /** The array whose length says how many there are grows last. */
    private void grow() {
        int capacity = places.length * 2;
        bytes = Arrays.copyOf(bytes, capacity);
        holders = Arrays.copyOf(holders, capacity);
        free = Arrays.copyOf(free, capacity);
        places = Arrays.copyOf(places, capacity);
    }

    @Override
    public String toString() {
        return "EventBundles[" + (used - freeCount) + "]";
    }
}
