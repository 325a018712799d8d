package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.EngineClock;
import dev.guildhall.Lane;
import dev.guildhall.LaneStats;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A serial slot that walks its slices and gives its sessions their turns.
 *
 * <p><b>States.</b> IDLE: nothing to do, no task submitted. SCHEDULED: one task is submitted or running. Whoever moves IDLE to
 * SCHEDULED by CAS submits the task; only the running task moves it back, and then looks at the queue of marks once more. An
 * offer is followed by a full fence before the state is read: the queue's last store of an offer that begins a new chunk is a
 * release only, and without the fence the state could be read as SCHEDULED while the index still reads as empty. Once the
 * state is IDLE the task touches nothing of the lane any more unless it wins the CAS again.
 *
 * <p><b>Marks.</b> Other threads hand over a {@link GuildLane} or a {@link LocalSession}; each of them has a flag of its own
 * that lets it be in the queue once, so the queue is bounded by what exists. The {@link LaneTask}s of a {@link Resumption} are
 * bounded by the resumes towards each lane that may be under way and by the connections that are told to try again, those of a
 * {@link MovingSubscription} by the subscriptions, and the rest are a few for each lane. The running lane keeps two lists, guilds and
 * sessions, and alternates between them: a walk of one batch, or several as {@link WritePace} says, then turns of sessions up to the
 * cost of that walk, until the budget of the turn is spent. Then the lane lets others run: its own virtual thread yields, a foreign executor gets the lane
 * submitted anew.
 *
 * <p><b>Publishing on the lane.</b> A mark of this lane's own slices goes to the local list without CAS and is walked after the
 * present walk, never inside it; marks of other lanes are handed over at the end of the turn.
 *
 * <p>All fields but {@code state}, {@code runner}, {@code marks}, {@code lossTold}, {@code drain}, {@code expected}, {@code resumes} and the published counters are touched by
 * the running task only; submission through the state's CAS orders one task's writes before the next one's reads.
 *
 * <p><b>Proofs</b> (jcstress, {@code LocalLaneProof}): what is handed over while the lane goes idle is taken, by one task at a time. Not
 * linearizable: {@code stats}.
 */
public final class LocalLane implements Lane, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLane.class);

    /** Turns of a lane on its own virtual thread between two yields: some tens of microseconds. */
    private static final int TURNS_PER_YIELD = 4;

    private static final int MIN_SESSION_BUDGET = 256;
    private static final int MARKS_CHUNK = 256;

    /** Tasks between two walks: a storm of resumes must not hold up the guilds. */
    private static final int MAX_TASKS = 64;

    /** Resumes towards one lane that may be under way. */
    private static final int MAX_RESUMES = 16_384;

    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;

    /** Wakes the lane so that it looks at {@code drain}; being a mark, it cannot be missed. */
    private static final Object DRAIN_MARK = new Object();

    private static final VarHandle STATE;
    private static final VarHandle DRAIN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(LocalLane.class, "state", int.class);
            DRAIN = lookup.findVarHandle(LocalLane.class, "drain", Drain.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LocalEngine engine;
    private final int index;
    private final Executor executor;
    private final boolean yields;
    private final MpscUnboundedVarHandleArrayQueue<Object> marks = new MpscUnboundedVarHandleArrayQueue<>(MARKS_CHUNK);
    private final CompletableFuture<Ending> drained = new CompletableFuture<>();

    /** Resumes towards this lane that are under way; any thread. */
    private final AtomicInteger resumes = new AtomicInteger();

    private volatile int state;
    private volatile @Nullable Thread runner;
    private volatile Drain drain = Drain.NO;

    /** Whether a session that is perhaps still among the marks has lost its connection: set by any thread, cleared by the lane. */
    private volatile boolean lossTold;

    /**
     * What the end of a lane was like.
     *
     * @param sessions how many sessions it closed
     * @param dropped events that those had in their rings
     */
    record Ending(long sessions, long dropped) {}

    private enum Drain {
        NO,
        WHEN_DELIVERED,
        NOW,
        ENDING
    }

    /** Sessions on their way to this lane from others. */
    private final AtomicInteger expected = new AtomicInteger();

    private final ArrayDeque<GuildLane> readyGuilds = new ArrayDeque<>();
    private final List<GuildLane> marksForOthers = new ArrayList<>();
    private final List<LaneTask> tasksAfterTurn = new ArrayList<>();
    private final ArrayDeque<Batch> spareBatches = new ArrayDeque<>();
    private long timerDue = Long.MAX_VALUE;

    final LogEvent[] scratch = new LogEvent[Slice.MAX_WRITTEN];
    final LaneCounters counters = new LaneCounters();
    final EventTable events = new EventTable(counters);
    final LaneSessions sessions = new LaneSessions(this, counters, events);
    final Absences absences = new Absences();
    final LaneBudget budget;
    final WritePace writePace;

    /** Deliveries after which the lane turns to something else. */
    final int turnBudget;

    /** Subscriptions from which on a slice counts as larger than the cache. */
    final int sessionMajorFrom;

    LocalLane(LocalEngine engine, int index, Executor executor, boolean yields) {
        this.engine = engine;
        this.index = index;
        this.executor = executor;
        this.yields = yields;
        this.turnBudget = engine.config().turnBudget();
        this.sessionMajorFrom = engine.config().sessionMajorFrom();
        this.writePace = new WritePace(sessions, engine.config().clock());
        this.budget = new LaneBudget(this, engine, engine.config().maxRetainedBytes());
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

    /** Hands over a guild whose dirty flag the caller has set, a session whose mark it has set, or a {@link LaneTask}. */
    void offer(Object marked) {
        marks.offer(marked);
        VarHandle.fullFence();
        wake();
    }

    /** A session of this lane, which was handed over before this, has lost its connection. Any thread. */
    void tellLoss() {
        lossTold = true;
    }

    /** Whether a session that has no turn yet may have lost its connection. Lane only. */
    boolean mayHaveLoss() {
        return lossTold;
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
            drained.completeExceptionally(e);
            engine.questions().giveUp();
        }
    }

    /** Whether the lane's executor has refused it, so that nothing handed over runs any more. Any thread. */
    boolean hasStopped() {
        return drained.isCompletedExceptionally();
    }

    /** Any thread. */
    LaneStats stats() {
        return counters.stats(index, marks.size());
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

    /** One turn. Nothing that goes wrong in it may end the lane. */
    private void runTurn() {
        long began = engine.config().clock().nanoTime();
        Object recorded = FlightLog.laneTurnBegins();
        long delivered = counters.delivered;
        try {
            spendBudget();
            budget.check();
        } catch (Throwable e) {
            LOG.error("A turn of {} failed; the lane goes on. Please report this", this, e);
        } finally {
            handOverMarks();
            counters.turnTook(engine.config().clock().nanoTime() - began);
            counters.turnLeft(readyGuilds.size(), sessions.readyCount());
            FlightLog.laneTurnEnds(recorded, index, counters.delivered - delivered);
            counters.publish(events.bytes());
        }
    }

    private void spendBudget() {
        int budget = turnBudget;
        while (budget > 0) {
            takeMarks();
            if (drain == Drain.NOW) {
                checkDrain();
            }
            GuildLane guild = readyGuilds.poll();
            if (guild == null && sessions.noneReady()) {
                checkDrain();
                if (sessions.noneReady()) {
                    break;
                }
            }
            int cost = guild == null ? 0 : walk(guild);
            // Twice the walk's cost, as a turn costs something beside what it writes: sessions must not fall behind
            // walks.
            budget -= cost + writePace.runTurns(cost, !readyGuilds.isEmpty(), Math.max(2 * cost, MIN_SESSION_BUDGET));
        }
        if (budget <= 0 && readyGuilds.isEmpty() && sessions.noneReady()) {
            checkDrain(); // the lane may go idle without another look
        }
    }

    private int walk(GuildLane guild) {
        int cost;
        try {
            cost = guild.walk();
            sessions.walkEnds();
        } catch (Throwable e) {
            LOG.error("Walking {} failed and is tried again with the next event. Please report this", guild, e);
            sessions.walkEnds();
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

    void takeMarks() {
        boolean hadLoss = lossTold;
        if (hadLoss) {
            lossTold = false; // before the marks: one that is told from now on may be of a mark that is not seen
        }
        int tasks = 0;
        Object marked;
        while (tasks < MAX_TASKS && (marked = marks.relaxedPoll()) != null) {
            take(marked);
            tasks += marked instanceof LaneTask ? 1 : 0;
        }
        if (hadLoss && !marks.isEmpty()) {
            lossTold = true; // the one that was told may be among these, or behind one that is being handed over
        }
    }

    /** Takes everything that was handed over before this call, also from a thread that is about to. */
    void takeAllMarks() {
        Object marked;
        while ((marked = marks.poll()) != null) {
            take(marked);
        }
    }

    private void take(Object marked) {
        if (marked instanceof GuildLane guild) {
            ready(guild);
        } else if (marked instanceof LocalSession session) {
            LocalLane owner = session.lane();
            if (owner == this) {
                sessions.ready(session);
            } else {
                owner.offer(session);
            }
        } else if (marked instanceof LaneTask task) {
            task.runOn(this);
        }
    }

    private void handOverMarks() {
        if (!marksForOthers.isEmpty()) {
            for (GuildLane other : marksForOthers) {
                other.lane.offer(other);
            }
            marksForOthers.clear();
        }
        if (!tasksAfterTurn.isEmpty()) {
            tasksAfterTurn.forEach(this::offer);
            tasksAfterTurn.clear();
        }
    }

    /** Runs a task once more when others have had their turn; called on this lane. */
    void afterTurn(LaneTask task) {
        tasksAfterTurn.add(task);
    }

    /** Whether the lane is idle or another task has taken over; false if this task has to go on. */
    private boolean goIdle() {
        if (!readyGuilds.isEmpty() || !sessions.noneReady()) {
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

    // --- sessions that wait to be resumed, lane only

    /** The session ends if it is not resumed within its window. */
    void awaitReturn(LocalSession session) {
        EngineClock clock = engine.config().clock();
        absences.begin(
                session, clock.nanoTime() + session.options().resumeWindow().toNanos());
        setTimer();
    }

    /** Makes sure the lane is woken when the first absence is due; no timer is set while nobody is away. */
    private void setTimer() {
        if (absences.isEmpty()) {
            return;
        }
        long due = absences.nextDue();
        if (timerDue == Long.MAX_VALUE || due - timerDue < 0) {
            long delay = Math.max(0, due - engine.config().clock().nanoTime());
            LaneTask expire = lane -> lane.expireAbsences(due);
            engine.alarms().schedule(Duration.ofNanos(delay), () -> offer(expire));
            timerDue = due;
        }
    }

    private void expireAbsences(long due) {
        if (timerDue == due) {
            timerDue = Long.MAX_VALUE;
        }
        absences.expire(engine.config().clock().nanoTime());
        setTimer();
    }

    /** Whether another resume towards this lane may be under way; each that began is ended once. Any thread. */
    boolean tryBeginResume() {
        if (resumes.incrementAndGet() > MAX_RESUMES) {
            resumes.decrementAndGet();
            return false;
        }
        return true;
    }

    /** A resume was answered. */
    void endResume() {
        resumes.decrementAndGet();
    }

    /** A session is on its way to this lane; called on the one it leaves, before it is handed over. */
    void expect() {
        expected.incrementAndGet();
    }

    /** It is there. */
    void arrived() {
        expected.decrementAndGet();
    }

    // --- batches, lane only: as many are kept as were ever under way at once

    Batch takeBatch() {
        Batch spare = spareBatches.poll();
        return spare != null ? spare : new Batch();
    }

    void giveBatch(Batch batch) {
        batch.clear();
        spareBatches.push(batch);
    }

    // --- counting, lane only

    void countInline(int deliveries) {
        counters.delivered += deliveries;
        counters.written += deliveries;
    }

    void subscriberFailed(Throwable failure) {
        counters.subscriberFailures++;
        engine.subscriberFailed(failure);
    }

    // --- draining

    /** Ends the lane's sessions once everything is delivered; completes when they are closed. Any thread. */
    CompletableFuture<Ending> drain() {
        drain = Drain.WHEN_DELIVERED;
        offer(DRAIN_MARK);
        return drained;
    }

    /** Ends the lane's sessions now. Any thread. */
    void cutShort() {
        if (DRAIN.compareAndSet(this, Drain.WHEN_DELIVERED, Drain.NOW)) {
            offer(DRAIN_MARK);
        }
    }

    private void checkDrain() {
        if (drain == Drain.WHEN_DELIVERED) {
            absences.endAll(CloseReason.ENGINE_CLOSED); // nobody can come back any more
        }
        if (drain == Drain.NOW || (drain == Drain.WHEN_DELIVERED && counters.pending() == 0 && engine.isAtEnd(this))) {
            drain = Drain.ENDING;
            sessions.closeAll(CloseReason.ENGINE_CLOSED);
        }
        if (drain == Drain.ENDING && counters.openSessions() == 0 && expected.get() == 0) {
            counters.publish(events.bytes());
            drained.complete(sessions.ending());
        }
    }

    @Override
    public String toString() {
        return "Lane[" + index + ", sessions=" + counters.openSessions() + ", " + (state == IDLE ? "idle" : "scheduled")
                + "]";
    }
}
