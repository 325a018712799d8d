package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A lane's sessions and everything a delivery writes for them, in arrays indexed by a session's slot, and in rings that the
 * lane allocated. Session objects themselves are allocated by whoever opens them: two lanes that wrote to neighbours in memory
 * would slow each other by a large factor. Lane only.
 *
 * <p><b>Turns.</b> A session is IDLE; or READY, that is in the queue of turns, once; or PARKED: it could write nothing now, because
 * it has no connection or that takes nothing, so deliveries alone give it no turn. Whoever marks a session always gets it one.
 * Sessions that the walk of a large slice has woken wait in a queue of their own: tens of thousands of them come at once, and the
 * few of a small guild, or one that was marked, do not wait behind them. While both queues have any, each gets half of the turns'
 * budget at least, so neither starves. A session is in one queue at a time, so one that a large guild has woken gets what a small
 * guild sends it with the same turn.
 *
 * <p><b>Without a turn.</b> Where that is cheap a walk {@linkplain #writeThrough writes} to sessions that are IDLE. What it wrote one by
 * one may not be in the ring yet, which {@link #ring} therefore tells first ({@link WriteThrough}).
 *
 * <p><b>Homes.</b> A session that can be resumed is found by its number on its <em>home</em>, the lane it was opened on, wherever it
 * lives now.
 */
final class LaneSessions {
    static final int NO_SLOT = -1;

    private static final byte IDLE = 0;
    private static final byte READY = 1;
    private static final byte PARKED = 2;

    private static final int MAX_POOLED_RINGS = 16_384;
    private static final int FIRST_SLOTS = 64;

    /** Subscriptions of a slice from which on the sessions that it wakes are many. */
    private static final int MANY = 1_024;

    private final LocalLane lane;
    private final LaneCounters counters;
    private final EventTable events;
    private final RingPool pool;
    private final AppendWindows windows;
    private final WriteThrough through;
    private final Overflow overflow;
    private final TurnQueue few = new TurnQueue();
    private final TurnQueue many = new TurnQueue();

    /** Where deliveries put whom they wake. */
    private TurnQueue woken = few;

    private long turns;

    private final Orphans orphans;
    private final Long2ObjectHashMap<LocalSession> homes = new Long2ObjectHashMap<>();

    private @Nullable LocalSession[] sessions = new LocalSession[FIRST_SLOTS];
    private @Nullable SessionRing[] rings = new SessionRing[FIRST_SLOTS];
    private byte[] states = new byte[FIRST_SLOTS];
    private long[] seqs = new long[FIRST_SLOTS];
    private int[] freeSlots = new int[FIRST_SLOTS];
    private int freeCount;
    private int slotsUsed;

    private final Touched touched = new Touched();

    private @Nullable CloseReason closing;
    private long closedInTheEnd;
    private long droppedBeforeTheEnd;

    LaneSessions(LocalLane lane, LaneCounters counters, EventTable events) {
        this.lane = lane;
        this.counters = counters;
        this.events = events;
        this.windows = new AppendWindows(events);
        this.through = new WriteThrough(lane, this);
        this.overflow = new Overflow(counters, events);
        this.orphans = new Orphans(lane);
        this.pool = new RingPool(MAX_POOLED_RINGS, events);
    }

    // --- turns

    /** Gives the session a turn, and a slot if it has none. Does nothing for one that has ended or has not arrived here. */
    void ready(LocalSession session) {
        if (session.isMoving()) {
            return;
        }
        register(session);
        int slot = session.slot;
        if (slot != NO_SLOT && states[slot] != READY) {
            enqueue(slot, session, few);
        }
    }

    private void enqueue(int slot, LocalSession session, TurnQueue queue) {
        states[slot] = READY;
        queue.add(session);
    }

    /** The session's turn begins: whatever is asked for from now on gets another one. */
    void turnBegins(int slot) {
        states[slot] = IDLE;
    }

    /** The session's turn is over, and until it is marked it could write nothing in another one. */
    void park(int slot) {
        if (states[slot] == IDLE) {
            states[slot] = PARKED;
        }
    }

    boolean noneReady() {
        return few.isEmpty() && many.isEmpty();
    }

    /** A slice of so many subscriptions is walked now. */
    void walkBegins(int size) {
        woken = size < MANY ? few : many;
    }

    /** From now on a session is woken for itself. */
    void walkEnds() {
        woken = few;
    }

    /** Sessions that wait for a turn and were woken by a small slice, by a send or by their client. */
    TurnQueue few() {
        return few;
    }

    /** Sessions that wait for a turn and were woken by a large slice. */
    TurnQueue many() {
        return many;
    }

    /** How many turns there were. */
    long turns() {
        return turns;
    }

    /** Gives the sessions of a queue turns until they have cost so much; answers what they cost. */
    int runTurns(TurnQueue queue, int budget) {
        int cost = 0;
        while (cost < budget) {
            LocalSession session = queue.poll();
            if (session == null) {
                break;
            }
            if (session.lane() == lane) { // it may have moved since it was put into the queue
                cost += session.runTurn();
                turns++;
            }
        }
        return cost;
    }

    // --- delivering

    /** Appends the event of a place to the ring of the session in the slot; the session gets a turn if it can write. */
    void append(int slot, int place) {
        if (states[slot] == PARKED) {
            appendParked(slot, place);
        } else {
            addToRing(slot, place);
            wake(slot);
        }
    }

    private void appendParked(int slot, int place) {
        if (windows.append(slot, place)) {
            counters.delivered++;
        } else {
            SessionRing ring = addToRing(slot, place);
            if (states[slot] == PARKED && rings[slot] == ring) {
                windows.open(slot, ring);
            }
        }
    }

    /** A session with a slot has another connection, or none. Walks write to those that keep what they were written. */
    void connected(LocalSession session) {
        through.connected(session.slot, session.isResumable() ? session.connection() : null);
    }

    /**
     * Writes plain events to the session in the slot, if that has nothing else to do and its connection takes them; answers how many. Those
     * after them have to be appended.
     */
    int writeThrough(int slot, Batch batch) {
        int written = states[slot] == IDLE ? through.write(slot, batch) : 0;
        counters.delivered += written;
        counters.written += written;
        return written;
    }

    /** Appends an event that has no place yet. */
    void append(int slot, LogEvent event) {
        add(slot, event);
        wake(slot);
    }

    private void wake(int slot) {
        if (states[slot] == IDLE) {
            enqueue(slot, Objects.requireNonNull(sessions[slot]), woken);
        }
    }

    /** Appends a whole batch in the same way. */
    void append(int slot, Batch batch) {
        SessionRing ring = ringToAdd(slot);
        if (ring.add(batch)) {
            batch.wholeRings++;
            counters.delivered += batch.size;
        } else {
            for (int i = 0; i < batch.size; i++) {
                addToRing(slot, batch.places[i]);
            }
        }
        wake(slot);
    }

    /**
     * Reads what delivering a batch to the session in the slot will touch. Asked for several sessions in a row before the first is
     * delivered to, the processor fetches all of it at once. The value has no meaning but must go to {@link #touched}.
     */
    int touch(int slot, Batch batch) {
        if (slot == NO_SLOT || (batch.size == 1 && states[slot] == PARKED)) {
            return 0;
        }
        int sum = batch.writesThrough ? through.touch(slot) : 0;
        SessionRing ring = batch.writesThrough && through.needsNoRing(slot, batch) ? null : rings[slot];
        return ring == null ? sum : sum + ring.touch();
    }

    /** Takes values of {@link #touch}. */
    void touched(int sum) {
        touched.take(sum);
    }

    /** Appends an event that has no place yet; the caller sees to the session's turn. */
    void add(int slot, LogEvent event) {
        int place = events.take(event);
        addToRing(slot, place);
        events.release(place);
    }

    private SessionRing addToRing(int slot, int place) {
        SessionRing ring = ringToAdd(slot);
        if (!ring.add(place)) {
            overflow.add(ring, place);
        }
        counters.delivered++;
        return ring;
    }

    /** A ring from the pool for the session in the slot, which has none. */
    SessionRing takeRing(int slot) {
        LocalSession session = Objects.requireNonNull(sessions[slot]);
        SessionRing ring = pool.take();
        ring.assign(session, seqs[slot]);
        rings[slot] = ring;
        return ring;
    }

    /** The session's ring with all that was appended, or null if it has none. */
    @Nullable
    SessionRing ring(int slot) {
        SessionRing ring = rings[slot];
        if (ring != null) {
            windows.close(slot, ring);
            through.close(slot, ring);
        }
        return ring;
    }

    /** The session's ring, taken from the pool if it has none. */
    SessionRing ringToAdd(int slot) {
        SessionRing ring = ring(slot);
        return ring != null ? ring : takeRing(slot);
    }

    void emptyPool() {
        pool.clear();
    }

    /** Takes an empty ring from its session. */
    void releaseRing(int slot) {
        SessionRing ring = ring(slot);
        if (ring != null) {
            rings[slot] = null;
            pool.give(ring);
        }
    }

    /** Loses what the session's ring holds. */
    void clearRing(int slot) {
        SessionRing ring = ring(slot);
        if (ring != null) {
            counters.dropped += ring.clear();
            releaseRing(slot);
        }
    }

    void forEachRing(Consumer<SessionRing> action) {
        for (int slot = 0; slot < slotsUsed; slot++) {
            SessionRing ring = ring(slot);
            if (ring != null) {
                action.accept(ring);
            }
        }
    }

    // --- looking at all of them

    /** Slots from here on were never used. */
    int slotsUsed() {
        return slotsUsed;
    }

    /** Null if the slot is free. */
    @Nullable
    LocalSession session(int slot) {
        return sessions[slot];
    }

    /** Sessions that wait for a turn. */
    int readyCount() {
        return few.size() + many.size();
    }

    /** Number of the last event the session was written. */
    long seq(int slot) {
        return seqs[slot];
    }

    void setSeq(int slot, long seq) {
        seqs[slot] = seq;
    }

    // --- coming and going

    /** Gives the session its slot; does nothing if it has one or is over. */
    void register(LocalSession session) {
        if (session.slot != NO_SLOT || session.isEnded()) {
            return;
        }
        takeSlot(session, 0);
        counters.opened++;
        if (session.isResumable()) {
            homes.put(session.number(), session);
        }
        closeIfClosing(session);
    }

    private void takeSlot(LocalSession session, long seq) {
        if (freeCount == 0 && slotsUsed == sessions.length) {
            grow(slotsUsed * 2);
        }
        int slot = freeCount > 0 ? freeSlots[--freeCount] : slotsUsed++;
        sessions[slot] = session;
        seqs[slot] = seq;
        states[slot] = IDLE;
        session.slot = slot;
        connected(session);
    }

    private void closeIfClosing(LocalSession session) {
        if (closing != null) {
            closedInTheEnd++;
            session.close(closing);
        }
    }

    /** Frees the slot of a session that has ended and counts what its ring still holds as dropped. */
    void unregister(LocalSession session) {
        clearRing(session.slot);
        freeSlot(session);
        counters.closed++;
    }

    /** Frees the slot of a session that moves to another lane, and whose ring was rewound; answers what it takes with it. */
    Luggage moveOut(LocalSession session) {
        SessionRing ring = ringToAdd(session.slot);
        int pending = ring.backlog();
        Luggage luggage = new Luggage(ring.unload(), seqs[session.slot], pending);
        releaseRing(session.slot);
        freeSlot(session);
        counters.movedOut(pending);
        return luggage;
    }

    /** Gives a session from another lane a slot, and what it brought with it. */
    void moveIn(LocalSession session, Luggage luggage) {
        takeSlot(session, luggage.seq);
        counters.movedIn(luggage.pending);
        ringToAdd(session.slot).load(luggage.content);
        closeIfClosing(session);
    }

    /**
     * What a session has on its lane.
     *
     * @param content of its ring
     * @param seq number of the last event written
     * @param pending events in the ring that were never written
     */
    record Luggage(SessionRing.Content content, long seq, int pending) {}

    private void freeSlot(LocalSession session) {
        int slot = session.slot;
        sessions[slot] = null;
        through.connected(slot, null);
        session.slot = NO_SLOT;
        states[slot] = IDLE;
        if (freeCount == freeSlots.length) {
            freeSlots = Arrays.copyOf(freeSlots, freeCount * 2);
        }
        freeSlots[freeCount++] = slot;
    }

    /** The array whose length says how many there are grows last. */
    private void grow(int capacity) {
        rings = Arrays.copyOf(rings, capacity);
        states = Arrays.copyOf(states, capacity);
        seqs = Arrays.copyOf(seqs, capacity);
        sessions = Arrays.copyOf(sessions, capacity);
    }

    /** The session that was opened on this lane with the number, or null if it has ended or cannot be resumed. */
    @Nullable
    LocalSession opened(long number) {
        return homes.get(number);
    }

    /** A session that was opened on this lane has ended. */
    void leaveHome(long number) {
        homes.remove(number);
    }

    /** Closes all sessions, and each that comes later. */
    void closeAll(CloseReason reason) {
        closing = reason;
        droppedBeforeTheEnd = counters.dropped;
        for (int slot = 0; slot < slotsUsed; slot++) {
            LocalSession session = sessions[slot];
            if (session != null) {
                closedInTheEnd++;
                session.close(reason);
            }
        }
    }

    /** How many sessions {@link #closeAll} ended and what they dropped; read when they have ended. */
    LocalLane.Ending ending() {
        return new LocalLane.Ending(closedInTheEnd, counters.dropped - droppedBeforeTheEnd);
    }

    // --- subscriptions whose control entry was not passed yet

    /** Remembers a subscription whose control entry is still to come on this lane, which its session has left or did not see. */
    void orphan(LocalSubscription subscription) {
        orphans.add(subscription);
    }

    /** Drops a subscription that ended before it began. */
    void forget(LocalSubscription subscription) {
        subscription.session.forget(subscription);
        orphans.remove(subscription);
    }

    /** A subscription has gone where its session is. */
    void forgetOrphan(LocalSubscription subscription) {
        orphans.remove(subscription);
    }

    /** The subscriptions with a place in the slice whose control entry was not passed. */
    List<LocalSubscription> pendingIn(Slice slice) {
        List<LocalSubscription> pending = new ArrayList<>();
        orphans.forEach(orphan -> addIfPending(orphan, slice, pending));
        for (int slot = 0; slot < slotsUsed; slot++) {
            LocalSession session = sessions[slot];
            if (session != null) {
                session.subscriptions().forEach(subscription -> addIfPending(subscription, slice, pending));
            }
        }
        return pending;
    }

    private static void addIfPending(LocalSubscription subscription, Slice slice, List<LocalSubscription> pending) {
        if (subscription.slice() == slice && !subscription.passed) {
            pending.add(subscription);
        }
    }

    @Override
    public String toString() {
        return "LaneSessions[" + lane + ", " + readyCount() + " ready, " + orphans + "]";
    }
}
