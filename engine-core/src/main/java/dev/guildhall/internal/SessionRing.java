package dev.guildhall.internal;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a session is still to be written: references to shared events, in order. Only the session's lane touches it, so it has
 * no atomics; and it is allocated on the lane, so two lanes' rings do not share cache lines as session objects, which any
 * thread may open, would.
 *
 * <p>A ring belongs to a session only while it holds something; an empty one goes back to its lane's pool. It grows by
 * doubling up to its session's bound.
 */
final class SessionRing {
    private static final int FIRST_CAPACITY = 8;

    private @Nullable LocalSession session;
    private @Nullable LogEvent[] slots = new LogEvent[FIRST_CAPACITY];
    private int bound;
    private int head;
    private int sent;

    /** Gives the ring to a session that may hold {@code maxEvents}. */
    void assign(@Nullable LocalSession owner, int maxEvents) {
        session = owner;
        bound = maxEvents;
    }

    /** The session it is assigned to. */
    LocalSession session() {
        return Objects.requireNonNull(session, "an unassigned ring");
    }

    /** Appends, or answers false if the session's bound is reached. */
    boolean add(LogEvent event) {
        int size = head - sent;
        if (size >= bound) {
            return false;
        }
        if (size == slots.length) {
            grow();
        }
        slots[head++ & (slots.length - 1)] = event;
        return true;
    }

    /** Takes the oldest event; the ring must not be empty. */
    LogEvent take() {
        int index = sent++ & (slots.length - 1);
        LogEvent event = slots[index];
        slots[index] = null;
        if (event == null) {
            throw new IllegalStateException("take from an empty ring");
        }
        return event;
    }

    int size() {
        return head - sent;
    }

    boolean isEmpty() {
        return head == sent;
    }

    /** Drops everything; answers how many events that were. */
    int clear() {
        int dropped = size();
        Arrays.fill(slots, null);
        sent = head;
        return dropped;
    }

    /** Whether the ring never grew, so that a pool of such rings stays small. */
    boolean isSmall() {
        return slots.length == FIRST_CAPACITY;
    }

    private void grow() {
        @Nullable LogEvent[] larger = new LogEvent[slots.length * 2];
        int size = size();
        for (int i = 0; i < size; i++) {
            larger[i] = slots[(sent + i) & (slots.length - 1)];
        }
        slots = larger;
        sent = 0;
        head = size;
    }

    @Override
    public String toString() {
        return "SessionRing[" + size() + "/" + slots.length + "]";
    }
}
