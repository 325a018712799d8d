package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lane's sessions and everything a delivery writes for them, in arrays indexed by a session's slot, and in rings that the
 * lane allocated. Session objects themselves are allocated by whoever opens them: two lanes that wrote to neighbours in memory
 * would slow each other by a large factor. Lane only.
 *
 * <p>A session waits for its turn at most once ({@code waiting}); rings that ran empty wait in a pool.
 */
final class LaneSessions {
    static final int NO_SLOT = -1;

    private static final int MAX_POOLED_RINGS = 16_384;
    private static final int FIRST_SLOTS = 64;

    private final LaneCounters counters;
    private final RingPool pool = new RingPool(MAX_POOLED_RINGS);
    private final ArrayDeque<LocalSession> ready = new ArrayDeque<>();
    private final Set<LocalSubscription> orphans = Collections.newSetFromMap(new IdentityHashMap<>());

    private @Nullable LocalSession[] sessions = new LocalSession[FIRST_SLOTS];
    private @Nullable SessionRing[] rings = new SessionRing[FIRST_SLOTS];
    private boolean[] waiting = new boolean[FIRST_SLOTS];
    private long[] seqs = new long[FIRST_SLOTS];
    private int[] freeSlots = new int[FIRST_SLOTS];
    private int freeCount;
    private int slotsUsed;
    private @Nullable CloseReason closing;
    private long closedInTheEnd;
    private long droppedBeforeTheEnd;

    LaneSessions(LaneCounters counters) {
        this.counters = counters;
    }

    // --- turns

    /** Gives the session a turn, and a slot if it has none. Does nothing for one that has ended. */
    void ready(LocalSession session) {
        register(session);
        if (session.slot != NO_SLOT) {
            await(session.slot, session);
        }
    }

    private void await(int slot, LocalSession session) {
        if (!waiting[slot]) {
            waiting[slot] = true;
            ready.add(session);
        }
    }

    /** The session's turn begins: whatever is asked for from now on gets another one. */
    void turnBegins(int slot) {
        waiting[slot] = false;
    }

    boolean noneReady() {
        return ready.isEmpty();
    }

    /** Runs turns until their cost reaches the budget; answers the cost. */
    int runTurns(int budget) {
        int cost = 0;
        while (cost < budget) {
            LocalSession session = ready.poll();
            if (session == null) {
                break;
            }
            cost += session.runTurn();
        }
        return cost;
    }

    // --- delivering

    /** Appends to the ring of the session in the slot and makes sure the session gets a turn. */
    void append(int slot, LogEvent event) {
        SessionRing ring = addToRing(slot, event);
        if (!waiting[slot]) {
            await(slot, ring.session());
        }
    }

    /** Appends to the ring of a session that is having its turn. */
    SessionRing addToRing(int slot, LogEvent event) {
        SessionRing ring = rings[slot];
        if (ring == null) {
            ring = takeRing(slot);
        }
        if (!ring.add(event)) {
            overflow(ring, event);
        }
        counters.delivered++;
        return ring;
    }

    private void overflow(SessionRing ring, LogEvent event) {
        LocalSession session = ring.session();
        session.write(ring);
        if (!ring.add(event)) {
            counters.dropped++;
            session.overflowed(ring.size());
        }
    }

    private SessionRing takeRing(int slot) {
        LocalSession session = Objects.requireNonNull(sessions[slot]);
        SessionRing ring = pool.take();
        ring.assign(session, session.options().maxBacklogEvents());
        rings[slot] = ring;
        return ring;
    }

    @Nullable
    SessionRing ring(int slot) {
        return rings[slot];
    }

    /** Takes an empty ring from its session. */
    void releaseRing(int slot) {
        SessionRing ring = rings[slot];
        if (ring != null) {
            rings[slot] = null;
            pool.give(ring);
        }
    }

    long nextSeq(int slot) {
        return ++seqs[slot];
    }

    // --- coming and going

    /** Gives the session its slot; does nothing if it has one or is over. */
    void register(LocalSession session) {
        if (session.slot != NO_SLOT || session.isEnded()) {
            return;
        }
        int slot = freeCount > 0 ? freeSlots[--freeCount] : slotsUsed++;
        if (slot == sessions.length) {
            grow(slot * 2);
        }
        sessions[slot] = session;
        seqs[slot] = 0;
        session.slot = slot;
        counters.opened++;
        if (closing != null) {
            closedInTheEnd++;
            session.close(closing);
        }
    }

    /** Frees the session's slot and counts what its ring still holds as dropped. */
    void unregister(LocalSession session) {
        int slot = session.slot;
        SessionRing ring = rings[slot];
        if (ring != null) {
            counters.dropped += ring.clear();
            releaseRing(slot);
        }
        sessions[slot] = null;
        waiting[slot] = false;
        session.slot = NO_SLOT;
        if (freeCount == freeSlots.length) {
            freeSlots = Arrays.copyOf(freeSlots, freeCount * 2);
        }
        freeSlots[freeCount++] = slot;
        counters.closed++;
    }

    private void grow(int capacity) {
        sessions = Arrays.copyOf(sessions, capacity);
        rings = Arrays.copyOf(rings, capacity);
        waiting = Arrays.copyOf(waiting, capacity);
        seqs = Arrays.copyOf(seqs, capacity);
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

    /** Remembers a subscription whose session ended before its control entry was passed. */
    void orphan(LocalSubscription subscription) {
        orphans.removeIf(LocalSubscription::isRefused);
        orphans.add(subscription);
    }

    /** Drops a subscription that ended before it began. */
    void forget(LocalSubscription subscription) {
        subscription.session.forget(subscription);
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
}
