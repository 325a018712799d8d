package dev.guildhall.internal;

import org.jspecify.annotations.Nullable;

/**
 * Where things are in a {@link SessionRing}, and how much: its slots, the marks between them, and what lies between the marks.
 *
 * <pre>
 *  forgotten ···· acked ········ sent ········ written ········ head
 *                   └ client has it └ this connection has it       └ appended last
 *                                     (sent = written, but while a resumed client is being caught up)
 *            replay: acked..written          backlog: written..head
 * </pre>
 *
 * <p><b>Numbers.</b> An event gets the session's next sequence number when it is written, so positions and numbers are two
 * things: {@code ackedSeq} is the number of the last event before {@code acked}, and those after it are counted. A place whose
 * event was taken away holds a tombstone: SKIPPED has no number, because it was never written or will be written no more; SPENT
 * had one. Between {@code acked} and {@code sent} a place may hold a {@linkplain EventBundles bundle}, which has a number for each of
 * its events; {@link #unbundle} gives each a position.
 *
 * <p><b>Space.</b> The array grows by doubling; if half of it is SKIPPED it is closed up instead. Both are linear and happen
 * after as many appends, so appending is constant on average. Positions are ints that may wrap round and are compared by
 * difference.
 *
 * <p>A superclass and not a part, because an append or a write to one of 100,000 rings shall touch one object's lines. Lane only.
 */
abstract sealed class RingMarks permits SessionRing {
    /** What a ring takes beside its slots, in bytes. */
    private static final int RING_BYTES = 128;

    private static final int SLOT_BYTES = 4;
    private static final int FIRST_CAPACITY = 8;
    private static final int SHRINK_FROM = 256;

    final EventTable events;
    private int[] slots = new int[FIRST_CAPACITY];

    // In the order of their use, so that an append and a write touch one line.
    int head;
    int acked;
    int backlog;
    int backlogBytes;
    int maxBacklog;
    int maxBacklogBytes;
    int sent;
    int written;

    /** Events after {@code sent} that were taken to be written and are not counted yet. */
    int run;

    int replay;
    int replayBytes;
    int maxReplay;
    int maxReplayBytes;
    long ackedSeq;

    /** Events that are held in bundles, all of them between {@code acked} and {@code sent}. */
    int bundledEvents;

    int skipped;
    int ephemerals;

    /** Null as long as no event has a key. */
    @Nullable
    NewestByKey newest;

    RingMarks(EventTable events) {
        this.events = events;
        events.addRingBytes(bytes());
    }

    // --- appending

    void put(int place, int weight) {
        if (head - acked == slots.length) {
            makeRoom();
        }
        slots[head++ & (slots.length - 1)] = place;
        backlog++;
        backlogBytes += weight;
    }

    /** Adds places of plain events, which together weigh so many bytes. */
    void putAll(int[] places, int count, int bytes) {
        copy(places, 0, count);
        backlog += count;
        backlogBytes += bytes;
    }

    /** Adds places of plain events that were written already; nothing is here that was not. */
    void putWritten(int[] places, int from, int count, int bytes) {
        copy(places, from, count);
        sent = head;
        written = head;
        replay += count;
        replayBytes += bytes;
    }

    /** Adds a bundle of so many events that were written already; nothing is here that was not. */
    void putBundle(int bundle, int count, int bytes) {
        if (head - acked == slots.length) {
            makeRoom();
        }
        slots[head++ & (slots.length - 1)] = bundle;
        sent = head;
        written = head;
        replay += count;
        replayBytes += bytes;
        bundledEvents += count;
    }

    private void copy(int[] places, int from, int count) {
        while (head - acked + count > slots.length) {
            makeRoom();
        }
        int index = head & (slots.length - 1);
        int first = Math.min(count, slots.length - index);
        System.arraycopy(places, from, slots, index, first);
        System.arraycopy(places, from + first, slots, 0, count - first);
        head += count;
    }

    /** The index by keys, made if there is none. */
    NewestByKey index() {
        NewestByKey present = newest;
        if (present == null) {
            present = new NewestByKey(events);
            newest = present;
        }
        return present;
    }

    void discardIndex() {
        if (newest != null) {
            newest.discard();
            newest = null;
        }
    }

    // --- appending without this object, see AppendWindows

    int[] slots() {
        return slots;
    }

    int head() {
        return head;
    }

    /** How many events can be appended before a bound is reached or the array has to grow. */
    int roomEvents() {
        return Math.min(maxBacklog - backlog, slots.length - (head - acked));
    }

    int roomBytes() {
        return maxBacklogBytes - backlogBytes;
    }

    /** Plain events of so many bytes were appended and are held, up to a new head. */
    void appended(int newHead, int bytes) {
        backlog += newHead - head;
        backlogBytes += bytes;
        head = newHead;
    }

    /** Reads what the next append or write will touch; the value has no meaning. */
    int touch() {
        return backlog + placeAt(head) + maxReplay;
    }

    // --- passing

    int placeAt(int position) {
        return slots[position & (slots.length - 1)];
    }

    void setPlace(int position, int place) {
        slots[position & (slots.length - 1)] = place;
    }

    static boolean isTombstone(int place) {
        return place <= EventTable.SPENT;
    }

    private static boolean isEvent(int place) {
        return !isTombstone(place) && !EventBundles.isBundle(place);
    }

    /** Puts a tombstone without a number at a position. */
    void skip(int position) {
        int place = placeAt(position);
        int weight = events.weight(place);
        forgetKey(place, position);
        if (position - written >= 0) {
            backlog--;
            backlogBytes -= weight;
        } else {
            replay--;
            replayBytes -= weight;
        }
        events.release(place);
        setPlace(position, EventTable.SKIPPED);
        skipped++;
    }

    void pass() {
        sent++;
        if (sent - written > 0) {
            written = sent;
        }
    }

    void passTombstone(int place) {
        if (place == EventTable.SPENT) { // from before a resume: its number is given again
            setPlace(sent, EventTable.SKIPPED);
            skipped++;
            replay--;
        }
        pass();
    }

    void advance(int weight) {
        sent++;
        if (sent - written <= 0) {
            events.counters.replayed++;
        } else {
            countWritten(1, weight);
        }
    }

    void countWritten(int count, int bytes) {
        if (sent - written > 0) {
            written = sent;
        }
        events.counters.written += count;
        backlog -= count;
        backlogBytes -= bytes;
        replay += count;
        replayBytes += bytes;
    }

    // --- forgetting

    /** The client has everything up to a number, which must have been written. */
    void acknowledge(long seq) {
        while (ackedSeq < seq && acked != sent) {
            int place = placeAt(acked);
            if (EventBundles.isBundle(place) && events.bundles.size(place) > seq - ackedSeq) {
                unbundle();
            }
            forgetOldest();
        }
        forgetSkipped();
    }

    /** Forgets what was written and got its place on the lane before {@code age}; answers how many events that were. */
    int forgetOlderThan(long age) {
        int before = replay;
        while (oldestAge(age) < age) {
            while (isTombstone(placeAt(acked))) {
                forgetOldest();
            }
            forgetOldest();
        }
        return before - replay;
    }

    void forgetOldest() {
        int place = placeAt(acked);
        if (place == EventTable.SKIPPED) {
            skipped--;
        } else if (EventBundles.isBundle(place)) {
            int count = events.bundles.size(place);
            ackedSeq += count;
            replay -= count;
            bundledEvents -= count;
            replayBytes -= events.bundles.bytes(place);
            events.bundles.release(place);
        } else {
            ackedSeq++;
            replay--;
            if (place != EventTable.SPENT) {
                forgetKey(place, acked);
                replayBytes -= events.weight(place);
                events.release(place);
            }
        }
        acked++;
    }

    /** Does what {@link #forgetOldest} would do for as many plain events as are the oldest; answers whether there were any. */
    boolean forgetPlain(int most) {
        int released = events.releasePlain(slots, acked, most);
        acked += released;
        ackedSeq += released;
        replay -= released;
        replayBytes -= events.releasedBytes();
        return released > 0;
    }

    private void forgetKey(int place, int position) {
        if (newest != null && events.event(place) instanceof KeyedEvent keyed) {
            newest.forget(keyed.key, position);
        }
    }

    void forgetSkipped() {
        while (acked != sent && placeAt(acked) == EventTable.SKIPPED) {
            forgetOldest();
        }
    }

    /** Drops everything; answers how many events were never written. */
    int clear() {
        int dropped = backlog;
        for (; acked != head; acked++) {
            int place = placeAt(acked);
            if (EventBundles.isBundle(place)) {
                events.bundles.release(place);
            } else if (!isTombstone(place)) {
                events.release(place);
            }
        }
        if (slots.length > FIRST_CAPACITY) {
            resize(new int[FIRST_CAPACITY]);
        }
        sent = head;
        written = head;
        backlog = 0;
        backlogBytes = 0;
        replay = 0;
        replayBytes = 0;
        bundledEvents = 0;
        skipped = 0;
        ephemerals = 0;
        discardIndex();
        return dropped;
    }

    // --- what it holds

    boolean hasUnsent() {
        return sent + run != head;
    }

    /** Number of the oldest event that a client may name as its last. */
    long ackedSeq() {
        return ackedSeq;
    }

    /** Events that were never written. */
    int backlog() {
        return backlog;
    }

    int backlogBytes() {
        return backlogBytes;
    }

    /** Bytes of what this connection has not been written: the backlog, and what is written again. */
    long unsentBytes() {
        long bytes = backlogBytes;
        for (int position = sent; position - written < 0; position++) {
            bytes += events.weight(placeAt(position));
        }
        return bytes;
    }

    /** When the oldest event that was written got its place on the lane, or {@code none} if there is none. */
    long oldestAge(long none) {
        for (int position = acked; position != sent; position++) {
            int place = placeAt(position);
            if (!isTombstone(place)) {
                return EventBundles.isBundle(place) ? events.bundles.age(place) : events.age(place);
            }
        }
        return none;
    }

    // --- space

    /** Whether the ring has its first size, so that a pool of such rings stays small. */
    boolean isSmall() {
        return slots.length == FIRST_CAPACITY;
    }

    /** The ring is given up, or handed to another lane. */
    void discard() {
        events.addRingBytes(-bytes());
    }

    private int bytes() {
        return RING_BYTES + slots.length * SLOT_BYTES;
    }

    int capacity() {
        return slots.length;
    }

    /** Takes a smaller array if most of a large one is empty. */
    void giveSpaceBack() {
        while (slots.length >= SHRINK_FROM && (head - acked) * 8 <= slots.length) {
            rebuild(slots.length / 4, false);
        }
    }

    /** Takes out what is skipped; positions begin at 0. */
    void closeUp() {
        rebuild(slots.length, false);
    }

    /** Puts the events of bundles in the bundles' places, so that each event has a position. */
    void unbundle() {
        if (bundledEvents > 0) {
            int capacity = slots.length;
            while (capacity < head - acked + bundledEvents) {
                capacity *= 2;
            }
            rebuild(capacity, true);
            bundledEvents = 0;
        }
    }

    private void makeRoom() {
        rebuild(skipped * 2 >= slots.length ? slots.length : slots.length * 2, false);
    }

    /** Moves everything but skipped places into a new array, bundles as they are or event by event. */
    private void rebuild(int capacity, boolean unbundles) {
        int[] next = new int[capacity];
        int count = 0;
        int newSent = 0;
        int newWritten = 0;
        for (int position = acked; position != head; position++) {
            int place = placeAt(position);
            if (place == EventTable.SKIPPED) {
                continue;
            }
            if (newest != null && isEvent(place) && events.event(place) instanceof KeyedEvent keyed) {
                newest.move(keyed.key, position, count);
            }
            if (unbundles && EventBundles.isBundle(place)) {
                count += events.bundles.unpack(place, next, count);
            } else {
                next[count++] = place;
            }
            newSent = position - sent < 0 ? count : newSent;
            newWritten = position - written < 0 ? count : newWritten;
        }
        resize(next);
        acked = 0;
        sent = newSent;
        written = newWritten;
        head = count;
        skipped = 0;
    }

    private void resize(int[] next) {
        events.addRingBytes((long) (next.length - slots.length) * SLOT_BYTES);
        slots = next;
    }
}
