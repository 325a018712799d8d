package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.spi.ResumeResult.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a client to come back to its session, and the session's move to the lane of the new connection if it lives on
 * another one. It runs as a task of one lane after the other, so it needs no lock:
 *
 * <ol>
 *   <li>{@link #locate} on the lane the session was opened on, which knows where it lives now;
 *   <li>{@link #claim} on that lane: refuses, leaving the session as it is, or lets go of the present connection and rewinds the
 *       ring. If the new connection is of the same lane, it is attached and all is done;
 *   <li>{@link #leave}, in the same step: takes the session out of its slices, notes for each guild the first offset it lacks, and
 *       hands ring and positions over. What is marked or sent meanwhile waits with the session;
 *   <li>{@link #arrive} on the new lane: reserves places, reads from the logs what the slices here have passed already, and joins.
 *       If a publisher has not filled a place yet, it is tried again after the lane's turn; if a log has overwritten something,
 *       the resume is refused and the session ends, because what it would be written has a hole.
 * </ol>
 *
 * <p>A subscription whose control entry had not been passed when its session moved begins on the old lane in its time and then
 * {@linkplain MovingSubscription follows}.
 *
 * <p><b>Proofs</b> (jcstress, {@code MoveProof}, on a whole engine of two lanes): what is subscribed, given up, published or sent while the
 * session moves comes once or not at all, as it should.
 */
final class Resumption {
    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);
    private static final CloseReason EVENTS_LOST = new CloseReason(
            CloseReason.Kind.RESUME_FAILED, "a guild's log dropped events while the session moved to another lane");

    private final LocalEngine engine;
    private final ResumeRequest request;
    private final long number;
    private final LocalLane target;
    private final Connection connection;
    private final Consumer<ResumeResult> answer;
    private @Nullable LocalSession session;
    private LaneSessions.@Nullable Luggage luggage;
    private final List<MovingSubscription> moving = new ArrayList<>();

    private Resumption(
            LocalEngine engine,
            ResumeRequest request,
            long number,
            LocalLane target,
            Connection connection,
            Consumer<ResumeResult> answer) {
        this.engine = engine;
        this.request = request;
        this.number = number;
        this.target = target;
        this.connection = connection;
        this.answer = answer;
    }

    /** Begins; any thread. */
    static void begin(
            LocalEngine engine,
            ResumeRequest request,
            LocalLane target,
            Connection connection,
            Consumer<ResumeResult> answer) {
        long number = engine.sessionIds().verified(request.sessionId(), request.secret());
        Resumption resumption = new Resumption(engine, request, number, target, connection, answer);
        if (!target.tryBeginResume()) {
            resumption.tellLater(Reason.OVERLOADED, () -> {});
        } else if (engine.isDraining()) {
            resumption.refuse(Reason.ENGINE_CLOSED);
        } else if (number == SessionIds.NONE) {
            resumption.refuse(Reason.UNKNOWN);
        } else if (request.lastSeq() < 0) {
            resumption.refuse(Reason.SEQ_INVALID);
        } else {
            engine.laneArray()[SessionIds.homeOf(number)].offer((LaneTask) resumption::locate);
        }
    }

    private void locate(LocalLane home) {
        session = home.sessions.opened(number);
        if (session == null) {
            refuse(Reason.EXPIRED);
        } else if (request.user() != null && !request.user().equals(session.user())) {
            refuse(Reason.UNKNOWN);
        } else {
            claim(home);
        }
    }

    private void claim(LocalLane lane) {
        LocalSession present = Objects.requireNonNull(session);
        if (present.lane() != lane) {
            present.lane().offer((LaneTask) this::claim);
        } else if (present.isMoving()) {
            lane.afterTurn(this::claim);
        } else if (engine.isDraining()) {
            refuse(Reason.ENGINE_CLOSED);
        } else if (!present.isOpen() || present.isEnded() || present.hasSaidGoodbye()) {
            refuse(Reason.EXPIRED);
        } else if (present.isListenerBehind()) {
            refuse(Reason.OVERLOADED);
        } else if (request.lastSeq() > lane.sessions.seq(present.slot)) {
            refuse(Reason.SEQ_AHEAD);
        } else if (request.lastSeq() < oldestSeq(lane, present)) {
            refuse(Reason.SEQ_TRIMMED);
        } else {
            present.replaceLink();
            present.rewind(request.lastSeq());
            if (lane == target) {
                attach(lane);
            } else {
                leave(lane);
            }
        }
    }

    private static long oldestSeq(LocalLane lane, LocalSession session) {
        SessionRing ring = lane.sessions.ring(session.slot);
        return ring == null ? lane.sessions.seq(session.slot) : ring.ackedSeq();
    }

    private void leave(LocalLane lane) {
        LocalSession present = Objects.requireNonNull(session);
        present.removeEnded();
        target.expect();
        luggage = present.leaveFor(target);
        // Listed before its lane is read, so a subscription that is not seen here sees the new lane.
        for (LocalSubscription subscription : present.subscriptions()) {
            Slice slice = subscription.slice();
            if (!subscription.passed) {
                lane.sessions.orphan(subscription);
            } else if (slice != null) {
                moving.add(new MovingSubscription(subscription, slice.leave(subscription)));
            }
        }
        target.offer((LaneTask) this::arrive);
    }

    private void arrive(LocalLane lane) {
        LocalSession present = Objects.requireNonNull(session);
        List<CatchUp> missing = new ArrayList<>();
        boolean lost = false;
        for (MovingSubscription subscription : moving) {
            CatchUp catchUp = subscription.catchUp(lane);
            if (catchUp.state() == CatchUp.State.NOT_YET) {
                lane.afterTurn(this::arrive);
                return;
            }
            lost |= catchUp.state() == CatchUp.State.LOST && subscription.isLive();
            missing.add(catchUp);
        }
        lane.sessions.moveIn(present, Objects.requireNonNull(luggage));
        present.arrived();
        lane.arrived();
        if (lost) {
            moving.forEach(MovingSubscription::giveUp);
            present.close(EVENTS_LOST);
            lane.sessions.ready(present);
            refuse(Reason.EVENTS_LOST);
            return;
        }
        for (int i = 0; i < moving.size(); i++) {
            moving.get(i).join(lane, missing.get(i));
        }
        if (present.isOpen()) {
            attach(lane);
        } else { // closed on its way, or by an overflow of what it lacked
            lane.sessions.ready(present);
            refuse(Reason.EXPIRED);
        }
    }

    private void attach(LocalLane lane) {
        LocalSession present = Objects.requireNonNull(session);
        SessionLink link = new SessionLink(present, connection);
        target.endResume();
        present.attach(link); // writes in its next turn only, so the transport is told before its connection is called
        tell(lane, new ResumeResult.Resumed(link));
    }

    private void refuse(Reason reason) {
        tellLater(reason, target::endResume);
    }

    /** Never inside the call that asked for the resume, even if that is made on the lane. */
    private void tellLater(Reason reason, Runnable afterwards) {
        target.offer((LaneTask) lane -> {
            afterwards.run();
            tell(lane, new ResumeResult.Refused(reason));
        });
    }

    private void tell(LocalLane lane, ResumeResult result) {
        String name = "RESUMED";
        if (result instanceof ResumeResult.Refused refused) {
            lane.counters.resumesRefused++;
            name = refused.reason().name();
        }
        FlightLog.resume(session, request, lane.index(), name, moving.size());
        try {
            answer.accept(result);
        } catch (Throwable e) { // a transport's mistake must not end the lane
            LOG.warn("A transport failed on the answer to {}", request, e);
        }
    }

    @Override
    public String toString() {
        return "Resumption[" + request + ", to " + target + ", " + moving.size() + " subscriptions moving]";
    }
}
