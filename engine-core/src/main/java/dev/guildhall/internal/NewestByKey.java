package dev.guildhall.internal;

import org.agrona.collections.Object2LongHashMap;

/**
 * Where in a ring the newest event of each key is. Only rings that hold such an event have one, and what it takes counts with the
 * ring. Lane only.
 */
final class NewestByKey {
    private static final long NONE = Long.MIN_VALUE;
    private static final int OBJECT_BYTES = 128;

    /** A reference and a long. */
    private static final int ENTRY_BYTES = 12;

    private final EventTable events;
    private final Object2LongHashMap<KeyedEvent.Key> positions = new Object2LongHashMap<>(NONE);
    private long bytes;

    NewestByKey(EventTable events) {
        this.events = events;
        count();
    }

    /** An event of the key was appended. */
    void put(KeyedEvent.Key key, int position) {
        positions.put(key, position);
        count();
    }

    /** Whether an event of the key is known, at this position or after it. */
    boolean isKnownFrom(KeyedEvent.Key key, int first) {
        long position = positions.getValue(key);
        return position != NONE && (int) position - first >= 0;
    }

    /** The position of the newest event of a key that is known. */
    int position(KeyedEvent.Key key) {
        return (int) positions.getValue(key);
    }

    boolean isAt(KeyedEvent.Key key, int position) {
        return positions.getValue(key) == position;
    }

    /** The event at the position is forgotten. */
    void forget(KeyedEvent.Key key, int position) {
        if (isAt(key, position)) {
            positions.removeKey(key);
        }
    }

    /** The event has another position now. */
    void move(KeyedEvent.Key key, int from, int to) {
        if (isAt(key, from)) {
            positions.put(key, to);
        }
    }

    /** It is given up. */
    void discard() {
        events.addRingBytes(-bytes);
    }

    private void count() {
        long now = OBJECT_BYTES + (long) positions.capacity() * ENTRY_BYTES;
        if (now != bytes) {
            events.addRingBytes(now - bytes);
            bytes = now;
        }
    }
}
