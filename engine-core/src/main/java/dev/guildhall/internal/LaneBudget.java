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
 * Lane only, but for {@code trimmedFor} and {@code worstBacklog}, which other lanes read.
 *
 * <p><b>Proofs</b> (jcstress, {@code LaneBudgetProof}): who sees that a lane has trimmed sees what it holds since; two lanes that grow over
 * the limit at once come to rest below it. The sum over lanes is not linearizable: each addend is of another moment, and so sessions
 * of both lanes may pay when those of one would have been enough.
 */
final class LaneBudget {
    private static final long SMALLEST_STEP = 64 * 1024;

    /** In how many steps the span from the oldest event to the newest is forgotten, as far as it must be. */
    private static final int TRIM_STEPS = 8;

    private static final long STEPS_TO_LIMIT = 16;
    private static final int PAYERS_AT_ONCE = 16;

    /** The part of the sessions that pay at once when there are many. */
    private static final int PAYERS_PART = 64;

    private final LocalLane lane;
    private final LocalEngine engine;
    private final long limit;
    private final long goal;
    private long checkAt = SMALLEST_STEP;

    /** Whether sessions have paid, and it was not enough. */
    private boolean paysOn;

    /** The number under which this lane has asked the others to trim, 0 if it has not. */
    private long asked;

    private long askedAt;

    /** The newest number for which this lane has trimmed, and the unwritten bytes of its worst session then. */
    private volatile long trimmedFor;

    private volatile long worstBacklog;

    LaneBudget(LocalLane lane, LocalEngine engine, long limit) {
        this.lane = lane;
        this.engine = engine;
        this.limit = limit;
        this.goal = limit - limit / 8;
    }

    /** At the end of a turn. */
    void check() {
        boolean isDue = paysOn || lane.events.bytes() >= checkAt;
        paysOn = false;
        if (!isDue && asked == 0) {
            checkAt = Math.min(checkAt, lane.events.bytes() + step());
            return;
        }
        lane.counters.publish(lane.events.bytes());
        if (engine.retainedBytes() <= limit) {
            asked = 0;
        } else if (isDue || othersAreDone()) {
            enforce();
        }
        checkAt = lane.events.bytes() + step();
    }

    /** How much a lane may grow before it looks at the total again. */
    private long step() {
        return Math.max(SMALLEST_STEP, limit / (STEPS_TO_LIMIT * engine.laneArray().length));
    }

    /** Whether all lanes have trimmed, or one of them is stuck, for which the others do not wait. */
    private boolean othersAreDone() {
        return engine.allTrimmedFor(asked)
                || engine.config().clock().nanoTime() - askedAt
                        > engine.config().laneStallLimit().toNanos();
    }

    /** Another lane has asked for this, and is told when it is done. */
    void trimFor(long number, LocalLane asking) {
        trim();
        trimmedFor = Math.max(trimmedFor, number);
        asking.offer((LaneTask) lane -> {}); // its turn looks at its budget
    }

    private void enforce() {
        engine.warnOverBudget();
        trim();
        if (engine.retainedBytes() <= limit) {
            asked = 0;
        } else if (asked == 0) {
            asked = engine.askToTrim(lane);
            askedAt = engine.config().clock().nanoTime();
            trimmedFor = asked;
        } else if (othersAreDone()) {
            letWorstPay(asked);
            asked = 0;
        }
    }

    /** The lane with the worst session of those that have trimmed for the request lets it pay. */
    private void letWorstPay(long number) {
        LocalLane worst = engine.laneWithWorstBacklog(number, lane);
        if (worst == lane) {
            letPay(number);
        } else {
            worst.offer((LaneTask) other -> other.budget.letPay(number));
        }
    }

    boolean hasTrimmedFor(long number) {
        return trimmedFor >= number;
    }

    long worstBacklog() {
        return worstBacklog;
    }

    /** Forgets the oldest of what the rings keep for a resume, until this lane has given up its share of what is too much. */
    private void trim() {
        long newest = lane.events.nextAge();
        Oldest oldest = new Oldest(newest);
        lane.sessions.emptyPool();
        lane.sessions.forEachRing(oldest::see);
        worstBacklog = oldest.worstBacklog;
        lane.counters.publish(lane.events.bytes());
        long total = engine.retainedBytes();
        long own = lane.events.bytes();
        long share = (long) ((total - goal) * (own / (double) total));
        long span = newest - oldest.age;
        for (int i = 1; i <= TRIM_STEPS && span > 0 && lane.events.bytes() > own - share; i++) {
            long age = oldest.age + span * i / TRIM_STEPS;
            lane.sessions.forEachRing(ring -> trim(ring, age));
            lane.sessions.emptyPool();
        }
        lane.counters.publish(lane.events.bytes());
    }

    private void trim(SessionRing ring, long age) {
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
        long age;
        long worstBacklog;

        Oldest(long newest) {
            age = newest;
        }

        void see(SessionRing ring) {
            age = Math.min(age, ring.oldestAge(age));
            worstBacklog = Math.max(worstBacklog, ring.unsentBytes());
        }
    }

    /**
     * The sessions with the most unwritten bytes lose them, the worst first. If that is not enough, all is looked at once more after
     * this turn; if none of this lane's sessions has anything to lose, it is the next lane's turn.
     */
    private void letPay(long number) {
        List<Payer> payers = new ArrayList<>();
        lane.sessions.forEachRing(ring -> {
            long bytes = ring.unsentBytes();
            if (bytes > 0) {
                payers.add(new Payer(ring, bytes));
            }
        });
        payers.sort(Comparator.comparingLong(Payer::bytes).reversed());
        int most = Math.max(PAYERS_AT_ONCE, payers.size() / PAYERS_PART);
        int paid = 0;
        for (int i = 0; i < payers.size() && paid < most && isOver(); i++) {
            paid += pay(payers.get(i).ring) ? 1 : 0;
        }
        if (paid > 0) {
            paysOn = true;
            lane.afterTurn(on -> {}); // there is another turn, even if nothing else is to do
        } else if (worstBacklog > 0 && isOver()) {
            worstBacklog = 0;
            letWorstPay(number);
        }
    }

    private record Payer(SessionRing ring, long bytes) {}

    /** Whether the session had anything to lose: of one that drops its oldest, only notices may be left. */
    private boolean pay(SessionRing ring) {
        LocalSession session = ring.session();
        int backlog = ring.backlog();
        long bytes = ring.unsentBytes();
        if (session.options().overflow() == OverflowPolicy.DROP_OLDEST_WITH_GAP) {
            lane.counters.trimmedForBudget += ring.forgetOlderThan(lane.events.nextAge());
            ring.dropAll();
            ring.settle();
            if (ring.unsentBytes() >= bytes) {
                return false;
            }
        } else {
            session.close(new CloseReason(
                    CloseReason.Kind.OVER_BUDGET,
                    "the engine's sessions hold more than " + limit + " bytes, and this one had " + bytes
                            + " that were not written"));
            lane.counters.dropped += ring.clear();
            ring.seal();
        }
        lane.counters.overBudget++;
        FlightLog.overflow(session, "OVER_BUDGET", backlog, bytes);
        return true;
    }

    @Override
    public String toString() {
        return "LaneBudget[" + lane + ", limit=" + limit + ", asked=" + asked + "]";
    }
}
