package dev.guildhall.internal;

import dev.guildhall.Attribute;
import dev.guildhall.CloseReason;
import dev.guildhall.EngineClock;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscriber;
import dev.guildhall.Subscription;
import dev.guildhall.spi.Connection;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session: identity, subscriptions, inbox and the connection it is written to. What a delivery touches is not here but in
 * {@link LaneSessions}, because sessions are allocated by whoever opens them.
 *
 * <pre>
 *             link lost, backlog full          window over
 *   ATTACHED ────────────────────────▶ DETACHED ──────────▶ ENDED
 *      ▲  └── resumed elsewhere ───┐      │ ▲                 ▲
 *      └────────── resumed ◀───────┴──────┘ └ moving lanes    │
 *      └───────── closed, or lost and not resumable ──────────┘
 * </pre>
 *
 * <p><b>Who writes what.</b> {@code closing} is set once, by CAS, by any thread: from then on the session is not open, takes no
 * sends and no subscriptions; its lane ends it in its next turn ({@code ended}, {@code slot}, lane only). {@code marked} is 1
 * while the session waits in the lane's queue: set by CAS by whoever wants a turn, cleared with a volatile store at the start
 * of the turn, before the turn looks at anything, so what is asked for later gets another turn. {@code subscriptions} and
 * {@code attributes} are immutable and replaced by CAS. {@code connection} and {@code link} are the lane's; others read the link
 * to see whether they are still the one. {@code lane} changes when a resume moves the session ({@link Resumption}): the old lane
 * sets {@code moving} and then stores {@code lane}, volatile; until the new lane has taken the session in and cleared
 * {@code moving}, it gets no turn there. A mark that reaches the old lane is passed on.
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
    private static final VarHandle TASKS;
    private static final VarHandle ATTRIBUTES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MARKED = lookup.findVarHandle(LocalSession.class, "marked", int.class);
            CLOSING = lookup.findVarHandle(LocalSession.class, "closing", CloseReason.class);
            SUBSCRIPTIONS = lookup.findVarHandle(LocalSession.class, "subscriptions", List.class);
            INBOX = lookup.findVarHandle(LocalSession.class, "inbox", Inbox.class);
            TASKS = lookup.findVarHandle(LocalSession.class, "tasks", SessionTasks.class);
            ATTRIBUTES = lookup.findVarHandle(LocalSession.class, "attributes", Map.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Direct sends that may wait. */
    static final int MAX_INBOX = 1_024;

    /** What a turn costs besides what it writes, in deliveries. */
    private static final int TURN_COST = 4;

    private static final CloseReason COMMAND_OVERFLOW =
            new CloseReason(CloseReason.Kind.COMMAND_OVERFLOW, "the client sent more commands than may wait");

    /** Lane only: index into the lane's arrays, {@link LaneSessions#NO_SLOT} before registration and after the end. */
    int slot = LaneSessions.NO_SLOT;

    private final LocalEngine engine;
    private final long number;
    private final String user;
    private final SessionOptions options;
    private final boolean inline;
    private final boolean resumable;

    private volatile LocalLane lane;
    private @Nullable Connection connection;
    private volatile @Nullable SessionLink link;
    private @Nullable CloseReason disconnecting;
    private boolean ended;
    private boolean moving;
    private volatile boolean attached = true;
    private volatile boolean leaving;
    private volatile int marked;
    private volatile @Nullable CloseReason closing;
    private volatile List<LocalSubscription> subscriptions = List.of();
    private volatile @Nullable Inbox inbox;
    private volatile @Nullable SessionTasks tasks;
    private volatile Map<Attribute<?>, Object> attributes = Map.of();

    private LocalSession(
            LocalEngine engine,
            LocalLane lane,
            long number,
            String user,
            SessionOptions options,
            boolean inline,
            boolean resumable) {
        this.engine = engine;
        this.lane = lane;
        this.number = number;
        this.user = user;
        this.options = options;
        this.inline = inline;
        this.resumable = resumable;
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

    @Override
    public String id() {
        return engine.sessionIds().id(number);
    }

    @Override
    public String user() {
        return user;
    }

    String secret() {
        return engine.sessionIds().secret(number);
    }

    long number() {
        return number;
    }

    SessionOptions options() {
        return options;
    }

    LocalLane lane() {
        return lane;
    }

    /** Whether the session outlives its connection. */
    boolean isResumable() {
        return resumable;
    }

    @Override
    public boolean isAttached() {
        return attached;
    }

    boolean isAttachedTo(SessionLink other) {
        return link == other;
    }

    /** The link of a client's session that was opened just now. */
    SessionLink requireLink() {
        return Objects.requireNonNull(link, "a session without a link");
    }

    @Override
    public <T> @Nullable T get(Attribute<T> attribute) {
        return attribute.cast(attributes.get(attribute));
    }

    @Override
    public <T> void set(Attribute<T> attribute, @Nullable T value) {
        Objects.requireNonNull(attribute, "attribute");
        Map<Attribute<?>, Object> present;
        Map<Attribute<?>, Object> next;
        do {
            present = attributes;
            next = new HashMap<>(present);
            if (value == null) {
                next.remove(attribute);
            } else {
                next.put(attribute, value);
            }
        } while (!ATTRIBUTES.compareAndSet(this, present, Map.copyOf(next)));
    }

    @Override
    public Subscription subscribe(Guild guild, long mask) {
        LocalGuild local = engine.requireOwn(guild);
        LocalSubscription added = new LocalSubscription(this, local, mask);
        List<LocalSubscription> present;
        do {
            present = subscriptions;
            LocalSubscription existing = LocalSubscription.liveIn(present, local);
            if (existing != null) {
                return existing;
            }
            if (present.size() >= options.maxSubscriptions()) {
                added.refuse(Outcome.REFUSED);
                return added;
            }
        } while (!SUBSCRIPTIONS.compareAndSet(this, present, LocalSubscription.with(present, added)));
        Outcome outcome = closing == null ? local.subscribe(added) : Outcome.CLOSED;
        if (!outcome.isAccepted()) {
            added.refuse(outcome);
            forget(added);
        }
        return added;
    }

    @Override
    public @Nullable Subscription subscription(Guild guild) {
        return LocalSubscription.liveIn(subscriptions, engine.requireOwn(guild));
    }

    @Override
    public Outcome send(Event event) {
        LogEvent sent = ((LogEvent) Objects.requireNonNull(event, "event"))
                .stampedForSession(engine.config().clock());
        if (sent.weight() > options.maxBacklogBytes()) {
            return closing == null ? Outcome.REFUSED : Outcome.CLOSED;
        }
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

    /** A command of the client. */
    Outcome command(Runnable command) {
        if (closing != null) {
            return Outcome.CLOSED;
        }
        Outcome outcome = tasks().command(() -> {
            if (closing == null) {
                command.run();
            }
        });
        if (outcome == Outcome.BACK_PRESSURED) {
            close(COMMAND_OVERFLOW);
        }
        return outcome;
    }

    private SessionTasks tasks() {
        SessionTasks present = tasks;
        if (present == null) {
            TASKS.compareAndSet(this, null, new SessionTasks(engine, options));
            present = Objects.requireNonNull(tasks);
        }
        return present;
    }

    /** Tells the application's listener, if there is one. */
    void tell(Consumer<SessionListener> call) {
        SessionListener listener = engine.config().sessionListener();
        if (listener != null) {
            tasks().call(() -> call.accept(listener));
        }
    }

    /** The session is there: its lane gives it a first turn. */
    void opened() {
        tell(listener -> listener.onOpened(this));
        mark();
    }

    /** Makes sure the session gets a turn that starts after this call. */
    void mark() {
        if (marked == 0 && MARKED.compareAndSet(this, 0, 1)) {
            LocalLane owner = lane;
            if (owner.isCurrent()) {
                owner.sessions.ready(this);
            } else {
                owner.offer(this);
            }
        }
    }

    /** Lets the lane take out the subscriptions that have ended. */
    void leave() {
        leaving = true;
        mark();
    }

    /** Ends a session that no lane has seen. */
    void refuse(CloseReason reason) {
        ended = true;
        attached = false;
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
                && !SUBSCRIPTIONS.compareAndSet(this, present, LocalSubscription.without(present, subscription)));
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

    boolean isInline() {
        return inline;
    }

    /** Reads what the next turn will touch; the value has no meaning. */
    int touch() {
        SessionLink via = link;
        return (via != null && via.loss() != null ? 1 : 0) + (ended || connection == null ? 1 : 0);
    }

    /** Does what was asked for, writes what can be written, ends if that was asked for. Answers the cost. */
    int runTurn() {
        if (marked != 0) {
            marked = 0;
        }
        if (ended || slot == LaneSessions.NO_SLOT) {
            return TURN_COST;
        }
        LaneSessions sessions = lane.sessions;
        sessions.turnBegins(slot);
        CloseReason reason = closing; // before the inbox, so what was sent before the close is in it
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
                to.flush();
            }
        } catch (Throwable e) { // a transport's or an encoding's Error must not end the lane
            connectionFailed(to, via, e);
        } finally {
            sessions.setSeq(slot, seq);
            ring.endWriting();
        }
        return (int) (seq - before);
    }

    private void connectionFailed(Connection failed, @Nullable SessionLink via, Throwable failure) {
        connection = null;
        LOG.warn("{}: its connection failed", this, failure);
        if (via == null || via.loss() == null) {
            closeConnection(failed, CloseReason.CONNECTION_LOST, resumable);
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
        if (closing != null) {
            return;
        }
        CloseReason reason = new CloseReason(
                CloseReason.Kind.SLOW_CONSUMER,
                "the session's backlog reached " + ring.backlog() + " events of " + ring.backlogBytes()
                        + " bytes, its bound");
        boolean waits = options.overflow() == OverflowPolicy.DISCONNECT_RESUMABLE;
        if (waits && resumable && !ring.isRelaxed() && !engine.isDraining()) {
            ring.relax();
            disconnecting = reason;
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
            connection = null;
            if (present.isGoodbye()) {
                close(loss);
            } else {
                detachOrClose(loss);
            }
        } else if (disconnecting != null && closing == null) {
            detach(disconnecting);
        }
    }

    private void detachOrClose(CloseReason loss) {
        if (closing != null) {
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
        lane.counters.detached++;
        tell(listener -> listener.onDetached(this, toListener));
    }

    private void closeLink(CloseReason reason, boolean canResume) {
        Connection open = connection;
        connection = null;
        link = null;
        disconnecting = null;
        if (open != null) {
            closeConnection(open, reason, canResume);
        }
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
            lane.sessions.add(slot, event);
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
        noLongerAway();
        attached = false;
        lane.sessions.unregister(this);
        lane.absences.forget(this);
        if (resumable) {
            engine.leaveHome(number);
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
                connection = null;
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
        connection = next.connection;
        link = next;
        attached = true;
        lane.sessions.ringToAdd(slot).addNotice(engine.resumedMark());
        lane.counters.delivered++;
        lane.counters.resumed++;
        lane.sessions.ready(this);
        tell(listener -> listener.onResumed(this));
    }

    /** Takes the session off this lane, for another one; the caller hands it over. */
    LaneSessions.Luggage leaveFor(LocalLane next) {
        LocalLane former = lane;
        noLongerAway();
        former.absences.forget(this);
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
        CloseReason reason = closing;
        String state = reason != null ? reason.kind().toString() : attached ? "attached" : "detached";
        return "Session[" + id() + ", user=" + user + ", " + subscriptions.size() + " subscriptions, lane "
                + lane.index() + ", " + state + "]";
    }
}
