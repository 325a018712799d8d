package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscriber;
import dev.guildhall.Subscription;
import dev.guildhall.spi.Connection;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session: identity, subscriptions, inbox and the connection it is written to. What a delivery touches is not here but in
 * {@link LaneSessions}, because sessions are allocated by whoever opens them.
 *
 * <p><b>Who writes what.</b> {@code closing} is set once, by CAS, by any thread: from then on the session is not open, takes no
 * sends and no subscriptions; its lane ends it in its next turn ({@code ended}, {@code slot}, lane only). {@code marked} is 1
 * while the session waits in the lane's queue: set by CAS by whoever wants a turn, cleared with a volatile store at the start
 * of the turn, before the turn looks at anything, so what is asked for later gets another turn. {@code subscriptions} is an
 * immutable list replaced by CAS.
 *
 * <p><b>Inbox.</b> Direct sends are a bounded stack of nodes, pushed by CAS and taken whole by the lane, which turns it round.
 * It holds nothing while it is empty, where an array queue would keep its first chunk for every session that was ever sent
 * something. It is ended by {@link Inbox#CLOSED}, so a send either is taken by a turn or answers CLOSED.
 */
public final class LocalSession implements Session {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSession.class);
    private static final VarHandle MARKED;
    private static final VarHandle CLOSING;
    private static final VarHandle SUBSCRIPTIONS;
    private static final VarHandle INBOX;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MARKED = lookup.findVarHandle(LocalSession.class, "marked", int.class);
            CLOSING = lookup.findVarHandle(LocalSession.class, "closing", CloseReason.class);
            SUBSCRIPTIONS = lookup.findVarHandle(LocalSession.class, "subscriptions", List.class);
            INBOX = lookup.findVarHandle(LocalSession.class, "inbox", Inbox.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Direct sends that may wait. */
    static final int MAX_INBOX = 1_024;

    /** What a turn costs besides what it writes, in deliveries. */
    private static final int TURN_COST = 4;

    final LocalLane lane;

    /** Lane only: index into the lane's arrays, {@link LaneSessions#NO_SLOT} before registration and after the end. */
    int slot = LaneSessions.NO_SLOT;

    private final LocalEngine engine;
    private final long number;
    private final String user;
    private final SessionOptions options;
    private final Connection connection;

    private boolean ended;
    private volatile boolean connectionGone;
    private volatile boolean leaving;
    private volatile int marked;
    private volatile @Nullable CloseReason closing;
    private volatile List<LocalSubscription> subscriptions = List.of();
    private volatile @Nullable Inbox inbox;

    LocalSession(
            LocalEngine engine,
            LocalLane lane,
            long number,
            String user,
            SessionOptions options,
            Connection connection) {
        this.engine = engine;
        this.lane = lane;
        this.number = number;
        this.user = user;
        this.options = options;
        this.connection = connection;
    }

    // --- any thread

    @Override
    public String id() {
        return engine.sessionId(number);
    }

    @Override
    public String user() {
        return user;
    }

    SessionOptions options() {
        return options;
    }

    @Override
    public Subscription subscribe(Guild guild, long mask) {
        LocalGuild local = engine.requireOwn(guild);
        LocalSubscription added = new LocalSubscription(this, local, mask);
        List<LocalSubscription> present;
        do {
            present = subscriptions;
            LocalSubscription existing = find(present, local);
            if (existing != null) {
                return existing;
            }
        } while (!SUBSCRIPTIONS.compareAndSet(this, present, with(present, added)));
        Outcome outcome = closing == null ? local.subscribe(added) : Outcome.CLOSED;
        if (!outcome.isAccepted()) {
            added.refuse(outcome);
            forget(added);
        }
        return added;
    }

    @Override
    public @Nullable Subscription subscription(Guild guild) {
        return find(subscriptions, engine.requireOwn(guild));
    }

    @Override
    public Outcome send(Event event) {
        LogEvent sent = ((LogEvent) Objects.requireNonNull(event, "event")).withoutPlace();
        Inbox present;
        Inbox next;
        do {
            present = inbox;
            if (closing != null) { // which is set before the inbox is ended
                return Outcome.CLOSED;
            }
            if (present != null && present.depth() >= Math.min(MAX_INBOX, options.maxBacklogEvents())) {
                return Outcome.BACK_PRESSURED;
            }
            next = new Inbox(sent, present, present == null ? 1 : present.depth() + 1);
        } while (!INBOX.compareAndSet(this, present, next));
        mark();
        return Outcome.ENQUEUED;
    }

    @Override
    public void close(CloseReason reason) {
        if (CLOSING.compareAndSet(this, null, Objects.requireNonNull(reason, "reason"))) {
            mark();
        }
    }

    @Override
    public boolean isOpen() {
        return closing == null;
    }

    @Override
    public @Nullable CloseReason closeReason() {
        return closing;
    }

    /** Makes sure the session gets a turn that starts after this call. */
    void mark() {
        if (marked == 0 && MARKED.compareAndSet(this, 0, 1)) {
            if (lane.isCurrent()) {
                lane.sessions.ready(this);
            } else {
                lane.offer(this);
            }
        }
    }

    /** Lets the lane take out the subscriptions that have ended. */
    void leave() {
        leaving = true;
        mark();
    }

    /** The transport has lost the connection: end without closing it. */
    void connectionGone(CloseReason reason) {
        connectionGone = true;
        close(reason);
    }

    /** Ends a session that no lane has seen. */
    void refuse(CloseReason reason) {
        ended = true;
        inbox = Inbox.CLOSED;
        closing = reason;
    }

    /** The slice in which a former subscription of the guild still has its place, or null. */
    @Nullable
    Slice endedPlaceIn(LocalGuild guild) {
        for (LocalSubscription subscription : subscriptions) {
            if (subscription.guild == guild && !subscription.isLive() && subscription.slice() != null) {
                return subscription.slice();
            }
        }
        return null;
    }

    List<LocalSubscription> subscriptions() {
        return subscriptions;
    }

    void forget(LocalSubscription subscription) {
        List<LocalSubscription> present;
        do {
            present = subscriptions;
        } while (present.contains(subscription)
                && !SUBSCRIPTIONS.compareAndSet(this, present, without(present, subscription)));
    }

    // --- lane only

    boolean isEnded() {
        return ended;
    }

    Subscriber inlineSubscriber() {
        return ((InlineConnection) connection).subscriber();
    }

    boolean isInline() {
        return connection instanceof InlineConnection;
    }

    /** Does what was asked for, writes what can be written, ends if that was asked for. Answers the cost. */
    int runTurn() {
        if (marked != 0) {
            marked = 0;
        }
        if (ended) {
            return TURN_COST;
        }
        lane.sessions.turnBegins(slot);
        CloseReason reason = closing; // before the inbox, so what was sent before the close is in it
        removeEnded();
        takeInbox();
        SessionRing ring = lane.sessions.ring(slot);
        int written = 0;
        if (ring != null) {
            written = write(ring);
            if (ring.isEmpty()) {
                lane.sessions.releaseRing(slot);
            }
        }
        if (reason != null) {
            end(reason);
        }
        return TURN_COST + written;
    }

    /** Writes from the ring as long as the connection takes it, then flushes once. Answers the number of events. */
    int write(SessionRing ring) {
        int written = 0;
        try {
            while (!ring.isEmpty() && !connectionGone && connection.isWritable()) {
                LogEvent event = ring.take();
                written++;
                connection.write(event, lane.sessions.nextSeq(slot));
            }
            if (written > 0) {
                connection.flush();
            }
        } catch (Throwable e) { // a transport's or an encoding's Error must not end the lane
            connectionFailed(e);
        }
        lane.counters.written += written;
        return written;
    }

    /** The ring is full and the connection takes nothing: the session is a slow consumer. */
    void overflowed(int backlog) {
        if (closing == null) {
            close(new CloseReason(
                    CloseReason.Kind.SLOW_CONSUMER, "the session's backlog reached " + backlog + " events, its bound"));
        }
    }

    private void connectionFailed(Throwable failure) {
        LOG.warn("{}: its connection failed and the session ends", this, failure);
        close(CloseReason.CONNECTION_LOST);
        connectionGone = true;
        closeConnection(CloseReason.CONNECTION_LOST);
    }

    /**
     * Delivers what was sent so far, because a subscription begins: so a send before a subscribe stays before the guild's first
     * event. Published events reach an inline subscriber past the ring, so its ring is written here too.
     */
    void deliverSent() {
        if (inbox != null && !ended) {
            takeInbox();
            SessionRing ring = lane.sessions.ring(slot);
            if (ring != null && isInline()) {
                write(ring);
            }
            lane.sessions.ready(this);
        }
    }

    private void takeInbox() {
        if (inbox != null) {
            deliverAll((Inbox) INBOX.getAndSet(this, null));
        }
    }

    private void deliverAll(@Nullable Inbox newest) {
        for (LogEvent event : Inbox.oldestFirst(newest)) {
            lane.sessions.addToRing(slot, event);
        }
    }

    /** Takes the subscriptions that have ended out of their slices; those not begun yet leave when their entry is passed. */
    void removeEnded() {
        if (leaving) {
            leaving = false;
            for (LocalSubscription subscription : subscriptions) {
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
        deliverAll((Inbox) INBOX.getAndSet(this, Inbox.CLOSED));
        for (LocalSubscription subscription : subscriptions) {
            subscription.tryEnd();
            if (subscription.passed) {
                takeOut(subscription);
            } else {
                lane.sessions.orphan(subscription);
            }
        }
        subscriptions = List.of();
        lane.sessions.unregister(this);
        if (!connectionGone) {
            closeConnection(reason);
        }
    }

    private void closeConnection(CloseReason reason) {
        try {
            connection.close(reason);
        } catch (Throwable e) { // see above
            LOG.warn("{}: closing its connection failed", this, e);
        }
    }

    private static @Nullable LocalSubscription find(List<LocalSubscription> present, LocalGuild guild) {
        for (LocalSubscription subscription : present) {
            if (subscription.guild == guild && subscription.isLive()) {
                return subscription;
            }
        }
        return null;
    }

    private static List<LocalSubscription> with(List<LocalSubscription> present, LocalSubscription added) {
        if (present.isEmpty()) {
            return List.of(added);
        }
        List<LocalSubscription> next = new ArrayList<>(present.size() + 1);
        next.addAll(present);
        next.add(added);
        return List.copyOf(next);
    }

    private static List<LocalSubscription> without(List<LocalSubscription> present, LocalSubscription removed) {
        return present.stream().filter(other -> other != removed).toList();
    }

    @Override
    public String toString() {
        CloseReason reason = closing;
        return "Session[" + id() + ", user=" + user + ", " + subscriptions.size() + " subscriptions, lane "
                + lane.index() + (reason == null ? "]" : ", " + reason.kind() + "]");
    }
}
