package dev.guildhall.internal;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events that the rings of one lane hold, each in a numbered place, and how many rings hold it. Rings keep numbers and not
 * references: a delivery then stores an int, of which the garbage collector need not be told and which it never looks at,
 * where a reference in a ring that has grown old would cost a barrier, and the collector work for every session. And what a
 * lane holds is known, with each event of a guild counted once, or again if the index had forgotten it because many guilds hash
 * alike, and each direct send by itself.
 *
 * <p><b>Holders.</b> Whoever {@linkplain #take takes} a place holds it; a ring that stores the number {@linkplain #hold holds} it
 * too, and {@linkplain #release releases} it when it forgets the event. With its last holder the place is free for another event.
 * A walk holds its events in a way of its own, so that rings which forget an event while others have still to get it do not
 * free it: it adds {@code WALK} and takes that off in the end, together with adding those rings that took everything the
 * walk delivered and were not counted one by one.
 *
 * <p><b>Bundles.</b> Rings that were written a whole batch hold it by one number, of {@link EventBundles}, which hold its events here.
 *
 * <p>Lane only.
 */
final class EventTable {
    /** A place in a ring whose event was never written, or will be written no more. */
    static final int SKIPPED = 0;

    /** A place in a ring whose event was written and is not kept. */
    static final int SPENT = 1;

    /** Neighbours in the index that are looked at. */
    private static final int PROBES = 8;

    private static final int SLOTS_OF_LINE = 16;
    private static final int FIRST_FREE = 2;
    private static final int FIRST_CAPACITY = 64;

    /** What a tombstone costs: looked at like a special event. */
    private static final int TOMBSTONE = -1;

    /** More than there are rings that a walk may not have counted and that may forget the event before it ends. */
    static final int WALK = 2 * Slice.MAX_SUBSCRIPTIONS;

    final LaneCounters counters;
    final EventBundles bundles = new EventBundles(this);
    private final Touched touched = new Touched();

    private @Nullable LogEvent[] events = new LogEvent[FIRST_CAPACITY];
    private int[] costs = new int[FIRST_CAPACITY];
    private int[] holders = new int[FIRST_CAPACITY];
    private long[] ages = new long[FIRST_CAPACITY];
    private int[] free = new int[FIRST_CAPACITY];

    /** Places by guild and offset. What is found is checked, so it may forget, when two events meet or the table grows. */
    private int[] index = new int[FIRST_CAPACITY];

    private int freeCount;
    private int releasedBytes;

    private int used = FIRST_FREE;
    private long age;
    private long eventBytes;
    private long ringBytes;

    EventTable(LaneCounters counters) {
        this.counters = counters;
        costs[SKIPPED] = TOMBSTONE;
        costs[SPENT] = TOMBSTONE;
    }

    // --- holding

    /** The place of an event, which it is given if it has none; the caller holds it. */
    int take(LogEvent event) {
        int place = placeOf(event);
        holders[place]++;
        return place;
    }

    /** The same for a walk, which ends with {@link #endWalk}. */
    int takeForWalk(LogEvent event) {
        int place = placeOf(event);
        holders[place] += WALK;
        return place;
    }

    /** A walk is over, and so many rings that took the event were not counted one by one. */
    void endWalk(int place, int rings) {
        holders[place] += rings - WALK;
        if (holders[place] == 0) {
            free(place);
        }
    }

    void hold(int place) {
        holders[place]++;
    }

    void release(int place) {
        if (--holders[place] == 0) {
            free(place);
        }
    }

    /** Releases what a ring's slots hold from a position on, as far as it is plain; answers how many events that was. */
    int releasePlain(int[] slots, int from, int most) {
        int mask = slots.length - 1;
        int[] costs = this.costs;
        int[] holders = this.holders;
        touched.take(touch(slots, from, most));
        int bytes = 0;
        int count = 0;
        for (; count < most; count++) {
            int place = slots[from + count & mask];
            if (EventBundles.isBundle(place) || costs[place] < 0) {
                break;
            }
            bytes += costs[place];
            if (--holders[place] == 0) {
                free(place);
            }
        }
        releasedBytes = bytes;
        return count;
    }

    /** Reads one slot of each cache line, so that the processor fetches all of them at once; the value has no meaning. */
    private static int touch(int[] slots, int from, int most) {
        int sum = 0;
        for (int i = 0; i < most; i += SLOTS_OF_LINE) {
            sum += slots[from + i & slots.length - 1];
        }
        return sum;
    }

    /** What the last {@link #releasePlain} has released, in bytes. */
    int releasedBytes() {
        return releasedBytes;
    }

    /** A guild's event that another slice of the lane was given, or a session that has moved here, is found again. */
    private int placeOf(LogEvent event) {
        if (event.offset < 0) {
            return newPlace(event);
        }
        int key = event.incarnation().guildId().hashCode() + (int) event.offset;
        int vacant = key;
        for (int probe = key + PROBES - 1; probe >= key; probe--) {
            int known = index[probe & (index.length - 1)];
            if (events[known] == event) {
                return known;
            }
            if (events[known] == null) {
                vacant = probe;
            }
        }
        int place = newPlace(event);
        index[vacant & (index.length - 1)] = place;
        return place;
    }

    private int newPlace(LogEvent event) {
        if (freeCount == 0 && used == events.length) {
            grow();
        }
        int place = freeCount > 0 ? free[--freeCount] : used++;
        events[place] = event;
        costs[place] = event.cost;
        holders[place] = 0;
        ages[place] = age++;
        eventBytes += event.weight();
        return place;
    }

    private void free(int place) {
        eventBytes -= weight(place);
        events[place] = null;
        free[freeCount++] = place;
    }

    /** The array whose length says how many there are grows last. */
    private void grow() {
        int capacity = events.length * 2;
        costs = Arrays.copyOf(costs, capacity);
        holders = Arrays.copyOf(holders, capacity);
        ages = Arrays.copyOf(ages, capacity);
        free = Arrays.copyOf(free, capacity);
        index = new int[capacity];
        events = Arrays.copyOf(events, capacity);
    }

    // --- reading

    /** The event in a place that is held. */
    LogEvent event(int place) {
        return Objects.requireNonNull(events[place], "a place that nobody holds");
    }

    /** {@link LogEvent#cost} of the event in the place; negative for a tombstone. */
    int cost(int place) {
        return costs[place];
    }

    /** What plain events in some places cost together. */
    int costs(int[] places, int from, int count) {
        int sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += costs[places[i]];
        }
        return sum;
    }

    /** Nominal bytes of the event in the place; 0 for a tombstone. */
    int weight(int place) {
        return place <= SPENT ? 0 : Math.abs(costs[place]);
    }

    /** How many events had got a place before this one. */
    long age(int place) {
        return ages[place];
    }

    /** The age of the next event. */
    long nextAge() {
        return age;
    }

    // --- counting

    /** A ring was made, grew, shrank or was given up. */
    void addRingBytes(long bytes) {
        ringBytes += bytes;
    }

    /** Bytes of all rings and of the events in them. */
    long bytes() {
        return eventBytes + ringBytes;
    }

    /** How many events have a place. */
    int size() {
        return used - freeCount - FIRST_FREE;
    }

    @Override
    public String toString() {
        return "EventTable[" + size() + " events of " + eventBytes + " bytes, " + ringBytes + " bytes of rings]";
    }
}
