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
 *   <li>the lane forgets the oldest events that its rings keep for a resume, and asks the other lanes to do the same;
 *   <li>when all have done so, but for a lane that is stuck, and it is still too much, the lane with the session that has the most
 *       unwritten bytes lets its worst sessions pay, a few at a time.
 * </ol>
 *
 * <p>What is aimed at lies an eighth below the limit, so that an engine at its limit does not look at its rings in every turn.
 * Lane only, but for {@code trimmedFor}, which other lanes read.
 */
final class LaneBudget {
    private static final long SMALLEST_STEP = 64 * 1024;

    /** In how many steps the span from the oldest event to the newest is forgotten, as far as it must be. */
    private static final int TRIM_STEPS = 8;

    private static final int PAYERS_AT_ONCE = 16;

    private final LocalLane lane;
    private final LocalEngine engine;
    private final long limit;
    private final long goal;
    private final long step;
    private long checkAt;

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
        boolean grew = lane.events.bytes() >= checkAt;
        if (!grew && asked == 0) {
            checkAt = Math.min(checkAt, lane.events.bytes() + step);
            return;
        }
        lane.counters.publish(lane.events.bytes());
        if (engine.retainedBytes() <= limit) {
            asked = 0;
        } else if (grew || othersAreDone()) {
            enforce();
        }
        checkAt = lane.events.bytes() + step;
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

    /** Forgets the oldest of what the rings keep for a resume, until it is enough. */
    private void trim() {
        lane.sessions.emptyPool();
        int newest = lane.events.nextAge();
        Oldest oldest = new Oldest(newest);
        lane.sessions.forEachRing(oldest::see);
        int span = newest - oldest.age;
        for (int i = 1; i <= TRIM_STEPS && isOver(); i++) {
            int age = oldest.age + (int) ((long) span * i / TRIM_STEPS);
            lane.sessions.forEachRing(ring -> trim(ring, age));
        }
        worstBacklog = oldest.worstBacklog;
    }

    private void trim(SessionRing ring, int age) {
        lane.counters.trimmedForBudget += ring.forgetOlderThan(age);
        ring.settle();
        if (ring.isEmpty()) {
            lane.sessions.releaseRing(ring.session().slot);
        }
    }

    private boolean isOver() {
        lane.counters.publish(lane.events.bytes());
        return engine.retainedBytes() > goal;
    }

    /** The oldest written event of the rings that were seen, and the most unwritten bytes. */
    private static final class Oldest {
        int age;
        int worstBacklog;

        Oldest(int newest) {
            age = newest;
        }

        void see(SessionRing ring) {
            int ringsOldest = ring.oldestAge(age);
            age = ringsOldest - age < 0 ? ringsOldest : age;
            worstBacklog = Math.max(worstBacklog, ring.backlogBytes());
        }
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
            if (!isOver()) {
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
