package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Lane;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A serial slot that walks its slices and gives its sessions their turns.
 *
 * <p><b>States.</b> IDLE: nothing to do, no task submitted. SCHEDULED: one task is submitted or running. Whoever moves IDLE to
 * SCHEDULED by CAS submits the task; only the running task moves it back, and then looks at the queue of marks once more. The
 * queue is asked by its indices ({@code isEmpty}), which count an offer that has begun. Once the state is IDLE the task touches
 * nothing of the lane any more unless it wins the CAS again.
 *
 * <p><b>Marks.</b> Other threads hand over a {@link GuildLane} or a {@link LocalSession}; each of them has a flag of its own
 * that lets it be in the queue once, so the queue is bounded by what exists. The running lane keeps two lists, guilds and
 * sessions, and alternates between them: a walk of one batch, then turns of sessions up to the cost of that walk, until the
 * budget of the turn is spent. Then the lane lets others run: its own virtual thread yields, a foreign executor gets the lane
 * submitted anew.
 *
 * <p><b>Publishing on the lane.</b> A mark of this lane's own slices goes to the local list without CAS and is walked after the
 * present walk, never inside it; marks of other lanes are handed over at the end of the turn.
 *
 * <p><b>Memory.</b> What a delivery writes is kept here, in arrays indexed by a session's slot, and in rings allocated by the
 * lane: session objects are allocated by whoever opens them, and two lanes that wrote to neighbours in memory would slow each
 * other by a large factor. Rings that ran empty wait in a pool.
 *
 * <p>All fields but {@code state}, {@code runner}, {@code marks}, {@code draining} and the published counters are touched by
 * the running task only; submission through the state's CAS orders one task's writes before the next one's reads.
 */
public final class LocalLane implements Lane, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLane.class);

    static final int NO_SLOT = -1;

    private static final int TURN_BUDGET = 16_384;

    /** Turns of a lane on its own virtual thread between two yields: about a fifth of a millisecond. */
    private static final int TURNS_PER_YIELD = 4;

    private static final int MAX_POOLED_RINGS = 16_384;
    private static final int FIRST_SLOTS = 64;
    private static final int MIN_SESSION_BUDGET = 256;
    private static final int MARKS_CHUNK = 256;

    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;

    /** Wakes the lane so that it looks at {@code drain}; being a mark, it cannot be missed. */
    private static final Object DRAIN_MARK = new Object();

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(LocalLane.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LocalEngine engine;
    private final int index;
    private final Executor executor;
    private final boolean yields;
    private final MpscUnboundedVarHandleArrayQueue<Object> marks = new MpscUnboundedVarHandleArrayQueue<>(MARKS_CHUNK);
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    private volatile int state;
    private volatile @Nullable Thread runner;
    private volatile Drain drain = Drain.NO;

    private enum Drain {
        NO,
        WHEN_DELIVERED,
        NOW,
        ENDING
    }

    private final ArrayDeque<GuildLane> readyGuilds = new ArrayDeque<>();
    private final ArrayDeque<LocalSession> readySessions = new ArrayDeque<>();
    private final List<GuildLane> marksForOthers = new ArrayList<>();
    private final List<LocalSubscription> orphans = new ArrayList<>();
    private final RingPool pool = new RingPool(MAX_POOLED_RINGS);

    private @Nullable LocalSession[] sessions = new LocalSession[FIRST_SLOTS];
    private @Nullable SessionRing[] rings = new SessionRing[FIRST_SLOTS];
    private long[] seqs = new long[FIRST_SLOTS];
    private int[] freeSlots = new int[FIRST_SLOTS];
    private int freeCount;
    private int slotsUsed;

    final LogEvent[] scratch = new LogEvent[Slice.MAX_BATCH];
    final LaneCounters counters = new LaneCounters();

    LocalLane(LocalEngine engine, int index, Executor executor, boolean yields) {
        this.engine = engine;
        this.index = index;
        this.executor = executor;
        this.yields = yields;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean isCurrent() {
        return runner == Thread.currentThread();
    }

    // --- marks, any thread

    /** Hands over a guild whose dirty flag the caller has set, or a session whose mark it has set. */
    void offer(Object marked) {
        marks.offer(marked);
        wake();
    }

    /** Keeps a guild of another lane until the end of this lane's turn; called on this lane. */
    void deferMark(GuildLane other) {
        marksForOthers.add(other);
    }

    /** Puts a guild of this lane on the local list; called on this lane. */
    void ready(GuildLane guild) {
        if (!guild.ready) {
            guild.ready = true;
            readyGuilds.add(guild);
        }
    }

    /** Gives a session of this lane a turn; called on this lane. */
    void ready(LocalSession session) {
        readySessions.add(session);
    }

    private void wake() {
        if (state == IDLE && STATE.compareAndSet(this, IDLE, SCHEDULED)) {
            submit();
        }
    }

    private void submit() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            LOG.warn("{} has stopped: its executor rejects tasks, so its sessions receive nothing more", this, e);
            drained.complete(null);
        }
    }

    // --- the task

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // yielding a virtual thread lets others have its carrier
    public void run() {
        runner = Thread.currentThread();
        int turns = 0;
        while (true) {
            runTurn();
            if (goIdle()) {
                return;
            }
            if (!yields) {
                runner = null;
                submit();
                return;
            }
            if (++turns % TURNS_PER_YIELD == 0) {
                Thread.yield();
            }
        }
    }

    private void runTurn() {
        int budget = TURN_BUDGET;
        while (budget > 0) {
            takeMarks();
            GuildLane guild = readyGuilds.poll();
            if (guild == null && readySessions.isEmpty()) {
                checkDrain();
                if (readySessions.isEmpty()) {
                    break;
                }
            }
            int cost = guild == null ? 0 : walk(guild);
            budget -= cost + runSessions(Math.max(cost, MIN_SESSION_BUDGET));
        }
        handOverMarks();
        counters.publish();
    }

    private int walk(GuildLane guild) {
        int cost;
        try {
            cost = guild.walk();
        } catch (RuntimeException e) {
            LOG.error("Walking {} failed and is tried again with the next event. Please report this", guild, e);
            guild.ready = false;
            guild.abandonTurn();
            return 1;
        }
        if (guild.hasMoreOrClean()) {
            readyGuilds.add(guild);
        } else {
            guild.ready = false;
        }
        return cost;
    }

    private int runSessions(int budget) {
        int cost = 0;
        while (cost < budget) {
            LocalSession session = readySessions.poll();
            if (session == null) {
                break;
            }
            cost += session.runTurn();
        }
        return cost;
    }

    private void takeMarks() {
        Object marked;
        while ((marked = marks.relaxedPoll()) != null) {
            if (marked instanceof GuildLane guild) {
                ready(guild);
            } else if (marked instanceof LocalSession session) {
                readySessions.add(session);
            }
        }
    }

    private void handOverMarks() {
        if (!marksForOthers.isEmpty()) {
            for (GuildLane other : marksForOthers) {
                other.lane.offer(other);
            }
            marksForOthers.clear();
        }
    }

    /** Whether the lane is idle or another task has taken over; false if this task has to go on. */
    private boolean goIdle() {
        if (!readyGuilds.isEmpty() || !readySessions.isEmpty()) {
            return false;
        }
        runner = null;
        state = IDLE;
        if (marks.isEmpty() || !STATE.compareAndSet(this, IDLE, SCHEDULED)) {
            return true;
        }
        runner = Thread.currentThread();
        return false;
    }

    // --- delivering, lane only

    /** Appends to the ring of the session in the slot and makes sure the session gets a turn. */
    void append(int slot, LogEvent event) {
        SessionRing ring = rings[slot];
        if (ring == null) {
            ring = takeRing(slot);
        }
        if (!ring.add(event)) {
            overflow(ring, event);
        }
        if (!ring.ready) {
            ring.ready = true;
            readySessions.add(Objects.requireNonNull(ring.session));
        }
        counters.delivered++;
    }

    /** Delivers an event that does not come from a walk. */
    void deliver(LocalSession session, LogEvent event) {
        if (session.slot != NO_SLOT) {
            append(session.slot, event);
        }
    }

    private void overflow(SessionRing ring, LogEvent event) {
        LocalSession session = Objects.requireNonNull(ring.session);
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

    void countInline(int deliveries) {
        counters.delivered += deliveries;
        counters.written += deliveries;
    }

    void countGaps(int sessionsTold, long events) {
        counters.gaps += sessionsTold * events;
    }

    void subscriberFailed(Throwable failure) {
        counters.subscriberFailures++;
        engine.subscriberFailed(failure);
    }

    // --- sessions, lane only

    /** Gives the session its slot; does nothing if it has one or is over. */
    void register(LocalSession session) {
        if (session.slot != NO_SLOT || session.isEnded()) {
            return;
        }
        int slot = freeCount > 0 ? freeSlots[--freeCount] : slotsUsed++;
        if (slot == sessions.length) {
            growSlots(slot * 2);
        }
        sessions[slot] = session;
        seqs[slot] = 0;
        session.slot = slot;
        counters.opened++;
        if (drain == Drain.ENDING) {
            session.close(CloseReason.ENGINE_CLOSED);
        }
    }

    /** Frees the session's slot and drops what its ring holds; answers how many events that were. */
    int unregister(LocalSession session) {
        int slot = session.slot;
        SessionRing ring = rings[slot];
        int dropped = 0;
        if (ring != null) {
            dropped = ring.clear();
            releaseRing(slot);
        }
        sessions[slot] = null;
        session.slot = NO_SLOT;
        if (freeCount == freeSlots.length) {
            freeSlots = Arrays.copyOf(freeSlots, freeCount * 2);
        }
        freeSlots[freeCount++] = slot;
        counters.closed++;
        return dropped;
    }

    private void growSlots(int capacity) {
        sessions = Arrays.copyOf(sessions, capacity);
        rings = Arrays.copyOf(rings, capacity);
        seqs = Arrays.copyOf(seqs, capacity);
    }

    /** Remembers a subscription whose session ended before its control entry was passed. */
    void orphan(LocalSubscription subscription) {
        orphans.removeIf(other -> other.slice() == null);
        orphans.add(subscription);
    }

    /** Drops a subscription that ended before it began. */
    void forget(LocalSubscription subscription) {
        subscription.session.forget(subscription);
        orphans.remove(subscription);
    }

    /**
     * Begins the subscriptions whose control entries a lapped slice jumped over. Answers whether some may still be missing,
     * because their thread has reserved a place but does not know its offset yet.
     */
    boolean takeInMissed(Slice slice, long cursor) {
        takeMarks();
        for (LocalSession waiting : readySessions) {
            register(waiting);
        }
        List<LocalSubscription> candidates = new ArrayList<>(orphans);
        for (int slot = 0; slot < slotsUsed; slot++) {
            LocalSession session = sessions[slot];
            if (session != null) {
                candidates.addAll(session.subscriptions());
            }
        }
        boolean unknown = false;
        for (LocalSubscription candidate : candidates) {
            if (candidate.slice() == slice && !candidate.passed) {
                long first = candidate.firstOffset();
                unknown |= first < 0;
                if (first >= 0 && first <= cursor) {
                    slice.begin(candidate);
                }
            }
        }
        return unknown;
    }

    // --- draining

    /** Ends the lane's sessions once everything is delivered; completes when they are closed. Any thread. */
    CompletableFuture<Void> drain() {
        drain = Drain.WHEN_DELIVERED;
        offer(DRAIN_MARK);
        return drained;
    }

    /** Ends the lane's sessions now. Any thread. */
    void cutShort() {
        if (drain == Drain.WHEN_DELIVERED) {
            drain = Drain.NOW;
            offer(DRAIN_MARK);
        }
    }

    private void checkDrain() {
        if (drain == Drain.NOW || (drain == Drain.WHEN_DELIVERED && counters.pending() == 0 && engine.isAtEnd(this))) {
            drain = Drain.ENDING;
            for (int slot = 0; slot < slotsUsed; slot++) {
                LocalSession session = sessions[slot];
                if (session != null) {
                    session.close(CloseReason.ENGINE_CLOSED);
                }
            }
        }
        if (drain == Drain.ENDING && counters.openSessions() == 0) {
            counters.publish();
            drained.complete(null);
        }
    }

    @Override
    public String toString() {
        return "Lane[" + index + ", sessions=" + counters.openSessions() + ", " + (state == IDLE ? "idle" : "scheduled")
                + "]";
    }
}
