package dev.guildhall.internal;

import dev.guildhall.AttachReason;
import dev.guildhall.CloseReason;
import dev.guildhall.EngineClock;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscriber;
import dev.guildhall.spi.Connection;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session as its lane serves it: the connection it is written to, its turns, its end. What any thread may ask of it is in
 * {@link SessionState}; what a delivery touches is in {@link LaneSessions}, because sessions are allocated by whoever opens them.
 *
 * <pre>
 *             link lost, backlog full          window over
 *   ATTACHED ────────────────────────▶ DETACHED ──────────▶ ENDED
 *      ▲  └── resumed elsewhere ───┐      │ ▲                 ▲
 *      └────────── resumed ◀───────┴──────┘ └ moving lanes    │
 *      └───────── closed, or lost and not resumable ──────────┘
 * </pre>
 *
 * <p><b>Who writes what.</b> Everything here is the lane's; others read {@code link} to see whether they are still the one. {@code lane}
 * changes when a resume moves the session ({@link Resumption}): the old lane sets {@code moving} and then stores {@code lane},
 * volatile; until the new lane has taken the session in and cleared {@code moving}, it gets no turn there. A mark that reaches the
 * old lane is passed on.
 *
 * <p><b>Proofs.</b> Those of {@link SessionState} and {@link SessionLink}; moves between lanes have the simulation and {@code AudienceRaceTest}.
 */
public final class LocalSession extends SessionState implements Session {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSession.class);

    /** What a turn costs besides what it writes, in deliveries. */
    private static final int TURN_COST = 4;

    /** Lane only: index into the lane's arrays, {@link LaneSessions#NO_SLOT} before registration and after the end. */
    int slot = LaneSessions.NO_SLOT;

    private @Nullable Connection connection;
    private volatile @Nullable SessionLink link;

    /** While attached, why its client is to be let go of, if it is; while away, why it was. */
    private @Nullable CloseReason parting;

    private boolean ended;
    private boolean moving;

    /** Null if nothing was lost. */
    private @Nullable KnownLosses losses;

    private boolean conflated;

    private LocalSession(
            LocalEngine engine,
            LocalLane lane,
            long number,
            String user,
            SessionOptions options,
            boolean inline,
            boolean resumable) {
        super(engine, lane, number, user, options, inline, resumable);
    }

    /** A session of application code in this process, which ends with its subscriber. */
    static LocalSession ofSubscriber(
            LocalEngine engine,
            LocalLane lane,
            long number,
            String user,
            SessionOptions options,
            Connection connection) {
        LocalSession session = new LocalSession(engine, lane, number, user, options, options.inline(), false);
        session.connection = connection;
        return session;
    }

    /** A session of a client, which may outlive its connection. */
    static LocalSession ofClient(
            LocalEngine engine,
            LocalLane lane,
            long number,
            String user,
            SessionOptions options,
            Connection connection) {
        boolean resumable = options.resumeWindow().isPositive();
        LocalSession session = new LocalSession(engine, lane, number, user, options, false, resumable);
        session.connection = connection;
        session.link = new SessionLink(session, connection);
        return session;
    }

    // --- any thread

    boolean isAttachedTo(SessionLink other) {
        return link == other;
    }

    /** The link of a client's session that is attached. */
    SessionLink requireLink() {
        return Objects.requireNonNull(link, "a session without a link");
    }

    /** The session is there: its lane gives it a first turn. */
    void opened() {
        engine.users().opened(this);
        tell(listener -> listener.onOpened(this));
        tell(listener -> listener.onAttached(this, AttachReason.OPENED));
        mark();
    }

    /** Ends a session that no lane has seen. */
    void refuse(CloseReason reason) {
        ended = true;
        attached = false;
        refuseAll(reason);
    }

    // --- lane only

    boolean isEnded() {
        return ended;
    }

    /** Whether the session has left one lane and not arrived at this one. */
    boolean isMoving() {
        return moving;
    }

    Subscriber inlineSubscriber() {
        return ((InlineConnection) Objects.requireNonNull(connection)).subscriber();
    }

    /** Reads what the next turn will touch; the value has no meaning. */
    int touch() {
        SessionLink via = link;
        return (via != null && via.loss() != null ? 1 : 0) + (ended || connection == null ? 1 : 0);
    }

    /** Does what was asked for, writes what can be written, ends if that was asked for. Answers the cost. */
    int runTurn() {
        unmark();
        if (ended || slot == LaneSessions.NO_SLOT) {
            return TURN_COST;
        }
        LaneSessions sessions = lane.sessions;
        sessions.turnBegins(slot);
        CloseReason reason = closeReason(); // before the inbox, so what was sent before the close is in it
        removeEnded();
        takeInbox();
        SessionLink present = link;
        if (present != null) {
            acknowledge(present.takeAcknowledged());
        }
        SessionRing ring = sessions.ring(slot);
        int written = 0;
        if (ring != null) {
            written = write(ring);
            settle(ring);
        }
        if (present != null) {
            lookAfter(present);
        }
        if (reason != null) {
            end(reason);
        } else if (!canWrite(ring)) {
            sessions.park(slot);
        }
        return TURN_COST + written;
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    private void connect(@Nullable Connection next) {
        connection = next;
        if (slot != LaneSessions.NO_SLOT) {
            lane.sessions.connected(this);
        }
    }

    private boolean canWrite(@Nullable SessionRing ring) {
        return connection != null && (ring == null || !ring.hasUnsent());
    }

    private void settle(SessionRing ring) {
        ring.settle();
        if (ring.isEmpty()) {
            lane.sessions.releaseRing(slot);
        }
    }

    /** A number that was never written is ignored. */
    private void acknowledge(long seq) {
        SessionRing ring = lane.sessions.ring(slot);
        if (ring != null && seq <= lane.sessions.seq(slot)) {
            ring.acknowledge(seq);
        }
    }

    /** Writes from the ring as long as the connection takes it, then flushes once. Answers the number of events. */
    int write(SessionRing ring) {
        Connection to = connection;
        if (to == null) {
            return 0;
        }
        SessionLink via = link;
        LaneSessions sessions = lane.sessions;
        EngineClock clock = engine.config().clock();
        long before = sessions.seq(slot);
        long seq = before;
        try {
            while (ring.hasUnsent() && (via == null || via.loss() == null) && to.isWritable()) {
                LogEvent event = ring.next(clock);
                if (event == null) {
                    break;
                }
                to.write(event, ++seq);
            }
            if (seq != before) {
                lane.writePace.flush(to);
            }
        } catch (Throwable e) { // a transport's or an encoding's Error must not end the lane
            connectionFailed(to, via, e);
        } finally {
            sessions.setSeq(slot, seq);
            ring.endWriting();
        }
        return (int) (seq - before);
    }

    /** Whether the transport has told that the connection is gone; the session's turn sees to it. */
    boolean hasLostLink() {
        SessionLink via = link;
        return via != null && via.loss() != null;
    }

    /** Its connection, which was written to without a turn, has failed. */
    void connectionFailed(Throwable failure) {
        connectionFailed(Objects.requireNonNull(connection), link, failure);
    }

    private void connectionFailed(Connection failed, @Nullable SessionLink via, Throwable failure) {
        connect(null);
        LOG.warn("{}: its connection failed", this, failure);
        if (via == null || via.loss() == null) {
            closeConnection(failed, CloseReason.CONNECTION_LOST, resumable && isOpen() && !engine.isDraining());
        }
        if (via == null) {
            close(CloseReason.CONNECTION_LOST);
        } else {
            via.lost(CloseReason.CONNECTION_LOST);
        }
    }

    private void closeConnection(Connection open, CloseReason reason, boolean canResume) {
        try {
            open.close(reason, canResume);
        } catch (Throwable e) { // see above
            LOG.warn("{}: closing its connection failed", this, e);
        }
    }

    /** The backlog is full and the connection takes nothing. Makes room if the policy is to wait for the client. */
    void overflowed(SessionRing ring) {
        if (!isOpen()) {
            ring.seal();
            return;
        }
        CloseReason reason = new CloseReason(
                CloseReason.Kind.SLOW_CONSUMER,
                "the session's backlog reached " + ring.backlog() + " events of " + ring.backlogBytes()
                        + " bytes, its bound");
        boolean waits = options.overflow() == OverflowPolicy.DISCONNECT_RESUMABLE;
        if (waits && resumable && !ring.isRelaxed() && !engine.isDraining()) {
            ring.relax();
            if (attached) {
                parting = reason;
            }
            lane.sessions.ready(this);
        } else {
            close(reason);
            ring.seal();
        }
    }

    /** Lets go of a link that is gone, or that has to go. */
    private void lookAfter(SessionLink present) {
        CloseReason loss = present.loss();
        if (loss != null) {
            connect(null);
            if (present.isGoodbye()) {
                close(loss);
            } else {
                detachOrClose(loss);
            }
        } else if (parting != null) {
            detachOrClose(parting);
        }
    }

    private void detachOrClose(CloseReason loss) {
        if (!isOpen()) {
            return;
        }
        if (resumable && !engine.isDraining()) {
            detach(loss);
        } else {
            close(loss);
        }
    }

    /** Closes the connection if it is still there and waits for the client to come back. */
    private void detach(CloseReason reason) {
        letGo(reason, true, reason);
        SessionRing ring = lane.sessions.ring(slot);
        if (ring != null) {
            ring.relax();
        }
        lane.awaitReturn(this);
    }

    private void letGo(CloseReason toConnection, boolean canResume, CloseReason toListener) {
        closeLink(toConnection, canResume);
        attached = false;
        parting = toListener;
        lane.counters.detached++;
        tell(listener -> listener.onDetached(this, toListener));
    }

    private void closeLink(CloseReason reason, boolean canResume) {
        Connection open = connection;
        connect(null);
        link = null;
        parting = null;
        if (open != null) {
            closeConnection(open, reason, canResume);
        }
    }

    /**
     * Delivers what was sent so far, because a subscription begins: so a send before a subscribe stays before the guild's first
     * event. Published events reach an inline subscriber past the ring, so its ring is written here too.
     */
    void deliverSent() {
        if (hasInbox() && !ended) {
            takeInbox();
            SessionRing ring = lane.sessions.ring(slot);
            if (ring != null && isInline()) {
                write(ring);
            }
            lane.sessions.ready(this);
        }
    }

    private void takeInbox() {
        if (hasInbox()) { // or each turn would make an iterator
            deliverAll(takeSent());
        }
    }

    private void deliverAll(Collection<LogEvent> sent) {
        for (LogEvent event : sent) {
            lane.sessions.add(slot, event);
        }
    }

    /** Takes the subscriptions that have ended out of their slices; those not begun yet leave when their entry is passed. */
    void removeEnded() {
        if (takeLeaving()) {
            for (LocalSubscription subscription : subscriptions()) {
                if (!subscription.isLive() && subscription.passed) {
                    takeOut(subscription);
                    forget(subscription);
                }
            }
        }
    }

    private void takeOut(LocalSubscription subscription) {
        Slice slice = subscription.slice();
        if (slice != null && subscription.index >= 0) {
            slice.remove(subscription);
        }
    }

    private void end(CloseReason reason) {
        ended = true;
        deliverAll(takeLastSent());
        for (LocalSubscription subscription : subscriptions()) {
            subscription.tryEnd();
            if (subscription.passed) {
                takeOut(subscription);
            } else {
                lane.sessions.orphan(subscription);
            }
        }
        forgetSubscriptions();
        engine.users().ended(this);
        noLongerAway();
        attached = false;
        lane.sessions.unregister(this);
        if (resumable) {
            engine.leaveHome(number());
        }
        closeLink(reason, false);
        tell(listener -> listener.onClosed(this, reason));
    }

    private void noLongerAway() {
        if (!attached) {
            lane.counters.detached--;
            lane.absences.end(this);
        }
    }

    // --- what became of it, lane only

    /** The session does not get an event, or everything that a notice tells. */
    void lost(LogEvent event) {
        if (event.incarnation() != Incarnation.NONE) {
            if (losses == null) {
                losses = new KnownLosses();
            }
            long from = event instanceof GapNotice notice ? notice.from : event.offset;
            losses.add(event.incarnation(), from, event.offset);
        }
    }

    @Nullable
    KnownLosses losses() {
        return losses;
    }

    /** A former ring has spared the session a value that a newer one had replaced. */
    void sparedValues() {
        conflated = true;
    }

    boolean hasConflated() {
        return conflated;
    }

    // --- resuming, lane only, called by Resumption

    /** Whether the client has left and the next turn ends the session. */
    boolean hasSaidGoodbye() {
        SessionLink present = link;
        return present != null && present.isGoodbye();
    }

    /** Lets go of the present connection, which another one replaces. */
    void replaceLink() {
        if (attached) {
            CloseReason loss = requireLink().loss();
            if (loss != null) {
                connect(null);
            }
            letGo(CloseReason.REPLACED, false, loss == null ? CloseReason.REPLACED : loss);
        }
    }

    /** Forgets what the client has and makes the rest to be written again, followed by a notice. */
    void rewind(long seq) {
        SessionRing ring = lane.sessions.ringToAdd(slot);
        ring.rewind(seq);
        ring.relax();
        lane.sessions.setSeq(slot, seq);
    }

    /** Attaches a connection; the next turn writes to it. */
    void attach(SessionLink next) {
        noLongerAway();
        connect(next.connection);
        link = next;
        attached = true;
        lane.sessions.ringToAdd(slot).addNotice(engine.resumedMark());
        lane.counters.delivered++;
        lane.counters.resumed++;
        lane.sessions.ready(this);
        CloseReason lost = Objects.requireNonNull(parting, "a session that was not away");
        parting = null;
        AttachReason how = lost.kind() == CloseReason.Kind.REPLACED ? AttachReason.TAKEN_OVER : AttachReason.RESUMED;
        tell(listener -> listener.onAttached(this, how));
        tell(listener -> listener.onResumed(this, lost));
    }

    /** Takes the session off this lane, for another one; the caller hands it over. */
    LaneSessions.Luggage leaveFor(LocalLane next) {
        LocalLane former = lane;
        noLongerAway();
        LaneSessions.Luggage luggage = former.sessions.moveOut(this);
        moving = true;
        lane = next;
        return luggage;
    }

    /** The session has a slot on its new lane. */
    void arrived() {
        moving = false;
        lane.counters.detached++;
    }

    @Override
    public String toString() {
        CloseReason reason = closeReason();
        String state = reason != null ? reason.kind().toString() : attached ? "attached" : "detached";
        return "Session[" + id() + ", user=" + user() + ", " + subscriptions().size() + " subscriptions, lane "
                + lane.index() + ", " + state + "]";
    }
}
