package dev.guildhall.internal;

import dev.guildhall.Activity;
import dev.guildhall.Attribute;
import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.Presence;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What any thread may ask of a session: who it is, its attributes and subscriptions, what it is sent, its client's commands, and
 * the marks that tell its lane. What the lane then does is in {@link LocalSession}.
 *
 * <p><b>Who writes what.</b> {@code closing} is set once, by CAS, by any thread: from then on the session is not open, takes no
 * sends and no subscriptions; its lane ends it in its next turn. {@code marked} is 1 while the session waits in the lane's queue: set
 * by CAS by whoever wants a turn, cleared with a volatile store at the start of the turn, before the turn looks at anything, so what
 * is asked for later gets another turn. {@code subscriptions} and {@code attributes} are immutable and replaced by CAS. {@code lane}
 * and {@code attached} are written by the lane that has the session.
 *
 * <p><b>Size.</b> With {@link LocalSession} it fills 96 bytes and has none to spare: there are a million of them.
 *
 * <p><b>Inbox.</b> Direct sends are a bounded stack of nodes, pushed by CAS and taken whole by the lane, which turns it round.
 * It holds nothing while it is empty, where an array queue would keep its first chunk for every session that was ever sent
 * something. It is ended by {@link Inbox#CLOSED}, so a send either is taken by a turn or answers CLOSED.
 *
 * <p><b>Proofs</b> (jcstress, {@code SessionStateProof}): a send is taken by a turn that comes or answers CLOSED, and the first reason to
 * close stays. Not linearizable: the depths.
 */
abstract sealed class SessionState permits LocalSession {
    private static final VarHandle MARKED;
    private static final VarHandle CLOSING;
    private static final VarHandle SUBSCRIPTIONS;
    private static final VarHandle INBOX;
    private static final VarHandle TASKS;
    private static final VarHandle ATTRIBUTES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MARKED = lookup.findVarHandle(SessionState.class, "marked", byte.class);
            CLOSING = lookup.findVarHandle(SessionState.class, "closing", CloseReason.class);
            SUBSCRIPTIONS = lookup.findVarHandle(SessionState.class, "subscriptions", List.class);
            INBOX = lookup.findVarHandle(SessionState.class, "inbox", Inbox.class);
            TASKS = lookup.findVarHandle(SessionState.class, "tasks", SessionTasks.class);
            ATTRIBUTES = lookup.findVarHandle(SessionState.class, "attributes", Map.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** An attribute, because most sessions have none. */
    private static final Attribute<SessionListener> OF_TRANSPORT =
            Attribute.named("transport's listener", SessionListener.class);

    /** Direct sends that may wait. */
    static final int MAX_INBOX = 1_024;

    private static final CloseReason COMMAND_OVERFLOW =
            new CloseReason(CloseReason.Kind.COMMAND_OVERFLOW, "the client sent more commands than may wait");

    final LocalEngine engine;
    final SessionOptions options;
    final boolean resumable;
    volatile LocalLane lane;
    volatile boolean attached = true;

    /** The list of the user's sessions, and what this one says: under the user's lock, see {@link Users}. */
    @Nullable
    LocalSession olderOfUser;

    @Nullable
    LocalSession newerOfUser;

    @Nullable
    SessionPresence presence;

    private final long number;
    private final String user;
    private final boolean inline;

    private volatile boolean leaving;
    private volatile byte marked;
    private volatile @Nullable CloseReason closing;
    private volatile List<LocalSubscription> subscriptions = List.of();
    private volatile @Nullable Inbox inbox;
    private volatile @Nullable SessionTasks tasks;
    private volatile Map<Attribute<?>, Object> attributes = Map.of();

    SessionState(
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

    private LocalSession self() {
        return (LocalSession) this;
    }

    public final String id() {
        return engine.sessionIds().id(number);
    }

    public final String user() {
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

    boolean isInline() {
        return inline;
    }

    public final boolean isAttached() {
        return attached;
    }

    public final <T> @Nullable T get(Attribute<T> attribute) {
        return attribute.cast(attributes.get(attribute));
    }

    public final <T> void set(Attribute<T> attribute, @Nullable T value) {
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

    public final Subscription subscribe(Guild guild, Interests wanted) {
        InterestSet interests = (InterestSet) Objects.requireNonNull(wanted, "interests");
        LocalGuild named = engine.requireOwn(guild);
        LocalGuild local = named.current();
        while (local != null) {
            LocalSubscription subscription = subscribe(local, interests);
            if (subscription.outcome() != Outcome.CLOSED || closing != null) {
                return subscription;
            }
            local = named.next();
        }
        LocalSubscription none = new LocalSubscription(self(), named, interests);
        none.refuse(named.whyNone());
        return none;
    }

    /** The outcome is CLOSED also if the guild has ended just now. */
    private LocalSubscription subscribe(LocalGuild local, InterestSet interests) {
        LocalSubscription added = new LocalSubscription(self(), local, interests);
        if (!local.tryJoin()) {
            added.refuse(Outcome.CLOSED);
            return added;
        }
        List<LocalSubscription> present;
        do {
            present = subscriptions;
            LocalSubscription existing = LocalSubscription.liveIn(present, local);
            if (existing != null) {
                local.left(added);
                return existing;
            }
            if (LocalSubscription.countLive(present) >= options.maxSubscriptions()
                    || present.size() >= 2 * options.maxSubscriptions()) {
                local.left(added);
                added.refuse(Outcome.REFUSED);
                return added;
            }
        } while (!SUBSCRIPTIONS.compareAndSet(this, present, LocalSubscription.with(present, added)));
        Outcome outcome = closing == null ? local.subscribe(added) : Outcome.CLOSED;
        if (!outcome.isAccepted()) {
            added.refuse(outcome);
            forget(added);
        }
        return added; // an outcome of ENQUEUED is the guild's to settle
    }

    public final @Nullable Subscription subscription(Guild guild) {
        LocalGuild present = engine.requireOwn(guild).current();
        return present == null ? null : LocalSubscription.liveIn(subscriptions, present);
    }

    public final Outcome send(Event event) {
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

    public final Outcome setPresence(Presence.Status status, Activity activity) {
        return engine.users().say(self(), status, activity);
    }

    public final void close(CloseReason reason) {
        if (CLOSING.compareAndSet(this, null, Objects.requireNonNull(reason, "reason"))) {
            mark();
        }
    }

    public final boolean isOpen() {
        return closing == null;
    }

    public final @Nullable CloseReason closeReason() {
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

    /** Who is told of this session besides the application's listener. Before anything is told. */
    void listener(SessionListener ofTransport) {
        set(OF_TRANSPORT, ofTransport);
    }

    /** Tells the transport's listener and the application's, as far as there are any. */
    void tell(Consumer<SessionListener> call) {
        tell(get(OF_TRANSPORT), call);
        tell(engine.config().sessionListener(), call);
    }

    private void tell(@Nullable SessionListener listener, Consumer<SessionListener> call) {
        if (listener != null) {
            tasks().call(() -> call.accept(listener));
        }
    }

    /** Whether so many calls of the listener wait that the session must not cause more. */
    boolean isListenerBehind() {
        SessionTasks present = tasks;
        return present != null && present.isBehind();
    }

    /** Makes sure the session gets a turn that starts after this call. */
    void mark() {
        if (marked == 0 && MARKED.compareAndSet(this, (byte) 0, (byte) 1)) {
            handOver(lane);
        }
    }

    /**
     * Like {@link #mark}, for a link that is gone, and lets walks look at links until the turn. The session is handed over even if it is marked:
     * whoever marked it may not have done so yet, and a lane whose marks are all taken believes that it has the turns of all lost links before it.
     */
    void linkLost() {
        MARKED.compareAndSet(this, (byte) 0, (byte) 1);
        LocalLane owner = lane;
        handOver(owner);
        owner.tellLoss(); // on the lane too, where a walk may be writing to this session
    }

    private void handOver(LocalLane owner) {
        if (owner.isCurrent()) {
            owner.sessions.ready(self());
        } else {
            owner.offer(self());
        }
    }

    /** Lets the lane take out the subscriptions that have ended. */
    void leave() {
        leaving = true;
        mark();
    }

    /** The slice in which a subscription of the guild that has ended, or is about to, still has its place; or null. */
    @Nullable
    Slice endedPlaceIn(LocalGuild guild) {
        for (LocalSubscription subscription : subscriptions) {
            if (subscription.guild == guild && !subscription.isStaying() && subscription.slice() != null) {
                return subscription.slice();
            }
        }
        return null;
    }

    /**
     * A subscription of the slice's guild is about to begin. One before it, which was kicked and has still to get what came before, goes
     * on if it is in the same slice and so comes first; elsewhere it would come later, so it ends at once.
     */
    void endKickedElsewhere(Slice slice) {
        boolean ended = false;
        for (LocalSubscription subscription : subscriptions) {
            if (subscription.guild == slice.guildLane.guild
                    && subscription.kick() != null
                    && subscription.slice() != slice) {
                ended |= subscription.tryEnd();
            }
        }
        if (ended) {
            leave();
        }
    }

    List<LocalSubscription> subscriptions() {
        return subscriptions;
    }

    void forget(LocalSubscription subscription) {
        List<LocalSubscription> present;
        do {
            present = subscriptions;
            if (!present.contains(subscription)) {
                return;
            }
        } while (!SUBSCRIPTIONS.compareAndSet(this, present, LocalSubscription.without(present, subscription)));
        left(subscription);
    }

    private static void left(LocalSubscription subscription) {
        subscription.forgetTarget();
        subscription.guild.left(subscription);
    }

    // --- for the lane's side

    /** A turn begins: whoever marks the session from now on gets another one. */
    void unmark() {
        if (marked != 0) {
            marked = 0;
        }
    }

    /** Whether subscriptions have ended since the last call. */
    boolean takeLeaving() {
        boolean present = leaving;
        if (present) {
            leaving = false;
        }
        return present;
    }

    /** Sends that wait; any thread. */
    int inboxDepth() {
        Inbox present = inbox;
        return present == null ? 0 : present.depth();
    }

    /** Commands that wait; any thread. */
    int commandsWaiting() {
        SessionTasks present = tasks;
        return present == null ? 0 : present.commandsWaiting();
    }

    boolean hasInbox() {
        return inbox != null;
    }

    /** What was sent since the last call, in order. */
    Collection<LogEvent> takeSent() {
        return inbox == null ? List.of() : Inbox.oldestFirst((Inbox) INBOX.getAndSet(this, null));
    }

    /** The same; from now on sends answer that the session is closed. */
    Collection<LogEvent> takeLastSent() {
        return Inbox.oldestFirst((Inbox) INBOX.getAndSet(this, Inbox.CLOSED));
    }

    /** All subscriptions are out of their slices, or will be. */
    @SuppressWarnings("unchecked")
    void forgetSubscriptions() {
        List<LocalSubscription> all = (List<LocalSubscription>) SUBSCRIPTIONS.getAndSet(this, List.of());
        all.forEach(SessionState::left);
    }

    /** A session that no lane has seen takes nothing. */
    void refuseAll(CloseReason reason) {
        inbox = Inbox.CLOSED;
        closing = reason;
    }
}
