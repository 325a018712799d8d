package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.OverflowPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A lane's part in keeping the engine within {@link dev.guildhall.EngineBuilder#maxRetainedBytes}. Each lane publishes what it
 * holds at the end of a turn; one that has grown adds up what all of them published. When that is too much:
 *
 * <ol>
 *   <li>the lane looks at its rings, so that what nobody holds any more is taken off;
 *   <li>it forgets what the oldest rings keep for a resume, and asks the other lanes to do the same;
 *   <li>when all have done so, but for a lane that is stuck, and it is still too much, the lane with the session that has the most
 *       unwritten bytes lets its worst sessions pay, a few at a time.
 * </ol>
 *
 * <p>What is aimed at lies an eighth below the limit, so that an engine at its limit does not look at its rings in every turn.
 * Lane only, but for {@code trimmedFor}, which other lanes read.
 */
final class LaneBudget {
    private static final long SMALLEST_STEP = 64 * 1024;
    private static final long SMALLEST_SWEEP = 1024 * 1024;
    private static final long SWEEP_BYTES_PER_SLOT = 256;
    private static final int PAYERS_AT_ONCE = 16;

    private final LocalLane lane;
    private final LocalEngine engine;
    private final long limit;
    private final long goal;
    private final long step;
    private long checkAt;
    private long sweepAt = SMALLEST_SWEEP;

    /** The number under which this lane has asked the others to trim, 0 if it has not. */
    private long asked;

    private long askedAt;

    /** The newest number for which this lane has trimmed, and the unwritten bytes of its worst session then. */
    private volatile long trimmedFor;

    private volatile int worstBacklog;

    LaneBudget(LocalLane lane, LocalEngine engine, long limit) {
        this.lane = lane;
        this.engine = engine;
        this.limit = limit;
        this.goal = limit - limit / 8;
        this.step = Math.max(SMALLEST_STEP, limit / 64);
        this.checkAt = step;
    }

    /** At the end of a turn. */
    void check() {
        if (lane.memory.bytes() >= sweepAt) {
            sweep();
            checkAt = Math.min(checkAt, lane.memory.bytes() + step);
        }
        boolean grew = lane.memory.bytes() >= checkAt;
        if (!grew && asked == 0) {
            return;
        }
        lane.counters.publish(lane.memory.bytes());
        if (engine.retainedBytes() <= limit) {
            asked = 0;
        } else if (grew || othersAreDone()) {
            enforce();
        }
        checkAt = lane.memory.bytes() + step;
    }

    /** Whether all lanes have trimmed, or one of them is stuck, for which the others do not wait. */
    private boolean othersAreDone() {
        return engine.allTrimmedFor(asked)
                || engine.config().clock().nanoTime() - askedAt
                        > engine.config().laneStallLimit().toNanos();
    }

    /** Another lane has asked for this. */
    void trimFor(long number) {
        trim();
        trimmedFor = Math.max(trimmedFor, number);
    }

    private void enforce() {
        trim();
        if (engine.retainedBytes() <= limit) {
            asked = 0;
        } else if (asked == 0) {
            asked = engine.askToTrim(lane);
            askedAt = engine.config().clock().nanoTime();
            trimmedFor = asked;
            engine.warnOverBudget();
        } else if (othersAreDone()) {
            LocalLane worst = engine.laneWithWorstBacklog(asked, lane);
            asked = 0;
            if (worst == lane) {
                letPay();
            } else {
                worst.offer((LaneTask) other -> other.budget.letPay());
            }
        }
    }

    boolean hasTrimmedFor(long number) {
        return trimmedFor >= number;
    }

    int worstBacklog() {
        return worstBacklog;
    }

    /** Takes off what no ring holds any more. */
    private void sweep() {
        Sweep found = new Sweep(lane.memory.block());
        lane.sessions.forEachRing(found::see);
        if (found.rings == 0) {
            lane.memory.releaseAll();
        } else {
            lane.memory.release(found.oldestBlock, found.bytes);
        }
        worstBacklog = found.worstBacklog;
        long bytes = lane.memory.bytes();
        sweepAt = bytes * 2 + Math.max(SMALLEST_SWEEP, lane.sessions.slotsUsed() * SWEEP_BYTES_PER_SLOT);
        lane.counters.publish(bytes);
    }

    private static final class Sweep {
        int rings;
        int oldestBlock;
        long bytes;
        int worstBacklog;

        Sweep(int present) {
            oldestBlock = present;
        }

        void see(SessionRing ring) {
            rings++;
            bytes += ring.eventBytes();
            if (ring.oldestBlock() - oldestBlock < 0) {
                oldestBlock = ring.oldestBlock();
            }
            worstBacklog = Math.max(worstBacklog, ring.backlogBytes());
        }
    }

    /** Forgets what the rings with the oldest events keep for a resume. */
    private void trim() {
        sweep();
        long excess = engine.retainedBytes() - goal;
        if (excess <= 0) {
            return;
        }
        int upTo = lane.memory.blockAfter(excess);
        List<SessionRing> old = new ArrayList<>();
        lane.sessions.forEachRing(ring -> {
            if (ring.oldestBlock() - upTo <= 0) {
                old.add(ring);
            }
        });
        lane.sessions.emptyPool();
        long each = 0;
        for (SessionRing ring : old) {
            lane.counters.trimmedForBudget += ring.forgetReplay();
            ring.settle();
            if (ring.isEmpty()) {
                lane.sessions.releaseRing(ring.session().slot);
            }
            each += ring.eventBytes();
        }
        if (each < excess) { // little is held by those that keep much counted
            old.forEach(SessionRing::countAnew);
        }
        sweep();
    }

    /** The sessions with the most unwritten bytes lose them, the worst first. */
    private void letPay() {
        List<SessionRing> rings = new ArrayList<>();
        lane.sessions.forEachRing(ring -> {
            if (ring.backlogBytes() > 0) {
                rings.add(ring);
            }
        });
        rings.sort(Comparator.comparingInt(SessionRing::backlogBytes).reversed());
        for (SessionRing ring : rings.subList(0, Math.min(PAYERS_AT_ONCE, rings.size()))) {
            pay(ring);
            sweep();
            if (engine.retainedBytes() <= goal) {
                return;
            }
        }
    }

    private void pay(SessionRing ring) {
        LocalSession session = ring.session();
        lane.counters.overBudget++;
        if (session.options().overflow() == OverflowPolicy.DROP_OLDEST_WITH_GAP) {
            lane.counters.trimmedForBudget += ring.forgetReplay();
            ring.dropOldest(0);
        } else {
            session.close(new CloseReason(
                    CloseReason.Kind.OVER_BUDGET,
                    "the engine's sessions hold more than " + limit + " bytes, and this one had " + ring.backlogBytes()
                            + " that were not written"));
            lane.counters.dropped += ring.clear();
            ring.seal();
        }
    }
}
