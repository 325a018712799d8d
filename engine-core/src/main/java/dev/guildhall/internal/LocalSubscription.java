package dev.guildhall.internal;

import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.Subscription;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A session's place in a guild.
 *
 * <pre>
 *            control appended, lane passes it      unsubscribe, close
 *   PENDING ────────────────────────────────▶ ACTIVE ─────────────▶ ENDED
 *      │ unsubscribe, close before the lane passes it                 ▲
 *      ├──────────────────────────────────────────────────────────────┘
 *      └─ no place in the log, or one too many ──▶ refused
 * </pre>
 *
 * <p>{@code state} changes by CAS only. PENDING to ACTIVE is the lane's; an unsubscribe by any thread wins against it or is seen
 * by the lane afterwards, because it marks the session after the change. {@code index} is the lane's. {@code firstOffset} is
 * written by the subscribing thread when its control entry has an offset. What few subscriptions have is in {@link Control.Target}.
 *
 * <p>The owning lane is the one of the slice, until the control entry is passed, and the session's from then on; both are the
 * same unless the session has moved meanwhile, and then the slice's lane hands the subscription to the session's.
 *
 * <p><b>Proofs</b> (jcstress, {@code LocalSubscriptionProof}): one end, which no beginning undoes; who asks when it is settled is told; a
 * user is counted out as often as in. Not linearizable: {@code outcome}, which reads two fields.
 */
public final class LocalSubscription implements Subscription {
    private static final VarHandle STATE;
    private static final VarHandle SETTLEMENT;
    private static final VarHandle ANNOUNCED;
    private static final VarHandle TARGET;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(LocalSubscription.class, "state", State.class);
            ANNOUNCED = lookup.findVarHandle(LocalSubscription.class, "announced", byte.class);
            TARGET = lookup.findVarHandle(LocalSubscription.class, "target", Control.Target.class);
            SETTLEMENT = lookup.findVarHandle(LocalSubscription.class, "settlement", CompletableFuture.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private enum State {
        PENDING,
        ACTIVE,
        ENDED,
        BACK_PRESSURED,
        OVER_LIMIT,
        UNAVAILABLE,
        CLOSED
    }

    /** Values of {@code firstOffset} before the log has taken the control entry, and if it takes none. */
    private static final long UNKNOWN = -1;

    private static final long NONE = -2;

    private static final byte NOT_YET = 0;
    private static final byte IS_ANNOUNCED = 1;
    private static final byte NO_MORE = 2;

    final LocalSession session;
    final LocalGuild guild;

    /** Written by the subscribing thread before the control entry is appended, and by the lane later. */
    private volatile InterestSet interests;

    private List<LogEvent> welcome = List.of();

    /** Lane only: place in the slice, -1 outside. */
    int index = -1;

    /** Lane only: whether the control entry was passed. */
    boolean passed;

    /** Lane only: the list of {@link UserIndex}. */
    @Nullable
    LocalSubscription previousOfUser;

    @Nullable
    LocalSubscription nextOfUser;

    /** Lane only: what a passive subscription has not been told of; null while it is active. */
    @Nullable
    Unread unread;

    /** Lane only: since which offset it has had less than it may have, because its interests are not certain; -1 if they are. */
    private long closedFrom = -1;

    /** Set once, by CAS, with the first wish to decide for this subscription alone; it keeps what was decided. */
    private volatile Control.@Nullable Target target;

    private volatile State state = State.PENDING;
    private volatile @Nullable Slice slice;
    private volatile long firstOffset = UNKNOWN;
    private volatile @Nullable CompletableFuture<Subscription> settlement;

    /** NOT_YET; then IS_ANNOUNCED while the user counts as present in the guild because of this; then NO_MORE. */
    private volatile byte announced;

    LocalSubscription(LocalSession session, LocalGuild guild, InterestSet interests) {
        this.session = session;
        this.guild = guild;
        this.interests = interests;
    }

    /** The guild is to count the user as present; false if that was said before, or the subscription is over. */
    boolean announce() {
        return ANNOUNCED.compareAndSet(this, NOT_YET, IS_ANNOUNCED);
    }

    /** The guild need not count the user as present any more; true if it did. */
    boolean unannounce() {
        return (byte) ANNOUNCED.getAndSet(this, NO_MORE) == IS_ANNOUNCED;
    }

    @Override
    public InterestSet interests() {
        return interests;
    }

    /** The guild lets the session in; called before the control entry is appended. */
    void admit(InterestSet granted, List<LogEvent> welcomeEvents) {
        interests = granted;
        welcome = welcomeEvents;
    }

    /** What the session is sent just before its first event of the guild. Lane only. */
    List<LogEvent> takeWelcome() {
        List<LogEvent> taken = welcome;
        welcome = List.of();
        return taken;
    }

    // --- what it gets, lane only and outside of the slice's arrays

    boolean isPassive() {
        return unread != null;
    }

    long closedFrom() {
        return closedFrom;
    }

    /** What it has missed since {@code from}, or since longer if it is closed. */
    long untoldFrom(long from) {
        return closedFrom < 0 ? from : Math.min(from, closedFrom);
    }

    /** Its interests are not certain from an offset on; what it missed before it is told. */
    void close(long from) {
        interests = InterestSet.NOTHING;
        closedFrom = from;
    }

    /** Its interests are certain. */
    void open(InterestSet certain) {
        interests = certain;
        closedFrom = -1;
    }

    void setPassive(boolean passive) {
        if (passive != isPassive()) {
            unread = passive ? new Unread() : null;
        }
    }

    /** It was brought here from another lane. */
    void restore(InterestSet present, long closedSince, @Nullable Unread untold) {
        interests = present;
        closedFrom = closedSince;
        unread = untold;
    }

    /** Whether it gets an event that is not of users; if it is passive, the event is counted. */
    boolean takesFromStream(LogEvent event) {
        boolean isPart = event.address.isCoveredBy(interests);
        Unread passive = unread;
        if (isPart && passive != null) {
            passive.count(event);
        }
        return isPart && passive == null;
    }

    // --- its own changes, guarded by Decisions

    /** A change for this subscription alone has its offset. */
    void decided(Control.Change change) {
        target().decided(change);
    }

    Control.@Nullable Change newestOwnInterests() {
        Control.Target present = target;
        return present == null ? null : present.newestInterests;
    }

    Control.@Nullable Change newestMode() {
        Control.Target present = target;
        return present == null ? null : present.newestMode;
    }

    /** Its user was kicked; of no effect if it has not begun. */
    void kicked(Control.Kick ordered) {
        if (kick() == null && firstOffset >= 0) {
            target().kick = ordered;
        }
    }

    /** Where it ends because its user was kicked. Until its lane is there it is still live. */
    Control.@Nullable Kick kick() {
        Control.Target present = target;
        return present == null ? null : present.kick;
    }

    /** The offset, or that of a kick before it. */
    long endsBefore(long offset) {
        Control.Kick present = kick();
        return present == null ? offset : Math.min(offset, present.offset);
    }

    // --- lists of a session's subscriptions, which are immutable

    static @Nullable LocalSubscription liveIn(List<LocalSubscription> present, LocalGuild guild) {
        for (LocalSubscription subscription : present) {
            if (subscription.guild == guild && subscription.isStaying()) {
                return subscription;
            }
        }
        return null;
    }

    static int countLive(List<LocalSubscription> present) {
        int count = 0;
        for (LocalSubscription subscription : present) {
            count += subscription.isStaying() ? 1 : 0;
        }
        return count;
    }

    static List<LocalSubscription> with(List<LocalSubscription> present, LocalSubscription added) {
        if (present.isEmpty()) {
            return List.of(added);
        }
        List<LocalSubscription> next = new ArrayList<>(present.size() + 1);
        next.addAll(present);
        next.add(added);
        return List.copyOf(next);
    }

    static List<LocalSubscription> without(List<LocalSubscription> present, LocalSubscription removed) {
        return present.stream().filter(other -> other != removed).toList();
    }

    // --- its state

    @Nullable
    Slice slice() {
        return slice;
    }

    /** The slice in which a place is reserved; null while the subscription is on its way to another lane. */
    void place(@Nullable Slice reserved) {
        slice = reserved;
    }

    void ordered(long controlOffset) {
        firstOffset = controlOffset + 1;
    }

    /** The log took no control entry, and the place was given back. */
    void refuse(Outcome reason) {
        State refused = switch (reason) {
            case BACK_PRESSURED -> State.BACK_PRESSURED;
            case REFUSED -> State.OVER_LIMIT;
            case UNAVAILABLE -> State.UNAVAILABLE;
            default -> State.CLOSED;
        };
        slice = null; // first, or another subscription of the session would reserve its place again
        STATE.compareAndSet(this, State.PENDING, refused);
        firstOffset = NONE;
    }

    boolean isRefused() {
        return firstOffset == NONE;
    }

    /** Whether it is known where the subscription begins, or that it never will. */
    boolean isSettled() {
        return firstOffset != UNKNOWN;
    }

    /** Whether the subscription is neither over nor refused. */
    boolean isLive() {
        State present = state;
        return present == State.PENDING || present == State.ACTIVE;
    }

    /** Whether it is live and is not to end at a place that its lane has still to pass. */
    boolean isStaying() {
        return isLive() && kick() == null;
    }

    /** Lane only: the control entry was passed; false if the subscription ended before. */
    boolean tryBegin() {
        return STATE.compareAndSet(this, State.PENDING, State.ACTIVE);
    }

    /** Ends it; false if it was over. */
    boolean tryEnd() {
        return STATE.compareAndSet(this, State.PENDING, State.ENDED)
                || STATE.compareAndSet(this, State.ACTIVE, State.ENDED);
    }

    @Override
    public Outcome outcome() {
        return switch (state) {
            case BACK_PRESSURED -> Outcome.BACK_PRESSURED;
            case OVER_LIMIT -> Outcome.REFUSED;
            case UNAVAILABLE -> Outcome.UNAVAILABLE;
            case CLOSED -> Outcome.CLOSED;
            case PENDING -> isSettled() ? Outcome.ORDERED : Outcome.ENQUEUED;
            case ACTIVE -> Outcome.ORDERED;
            case ENDED -> firstOffset >= 0 ? Outcome.ORDERED : Outcome.CLOSED;
        };
    }

    @Override
    public CompletionStage<Subscription> settled() {
        CompletableFuture<Subscription> present = settlement;
        if (present == null) {
            SETTLEMENT.compareAndSet(this, null, new CompletableFuture<Subscription>());
            present = Objects.requireNonNull(settlement);
        }
        if (isSettled()) {
            present.complete(this);
        }
        return present.minimalCompletionStage();
    }

    /** It is settled; called where application code may run. */
    void tellSettled() {
        CompletableFuture<Subscription> present = settlement;
        if (present != null) {
            present.complete(this);
        }
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public Guild guild() {
        return guild;
    }

    @Override
    public long firstOffset() {
        return Math.max(-1, firstOffset);
    }

    @Override
    public Outcome setInterests(Interests changed) {
        InterestSet next = (InterestSet) Objects.requireNonNull(changed, "interests");
        guild.requireRightToDecide();
        return outcomeOf(append(Control.Change.of(session.user(), target(), next)));
    }

    @Override
    public ModeChange setMode(Mode mode) {
        Objects.requireNonNull(mode, "mode");
        long offset = append(Control.Change.of(session.user(), target(), mode));
        return new ModeChange(outcomeOf(offset), offset < 0 ? -1 : offset + 1);
    }

    /** Answers as a claim does. A change must not come before the entry that begins the subscription. */
    private long append(Control.Change change) {
        if (!isLive()) {
            return GuildLog.CLOSED;
        }
        return isSettled() ? guild.append(change, this) : GuildLog.FULL;
    }

    private Control.Target target() {
        Control.Target present = target;
        if (present != null) {
            return present;
        }
        Control.Target made = new Control.Target(this);
        Control.Target before = (Control.Target) TARGET.compareAndExchange(this, null, made);
        if (before != null) {
            return before;
        }
        if (!isLive()) { // it may have ended, and found no target to forget
            made.subscription = null;
        }
        return made;
    }

    /** It has ended and has no place any more, so changes need not find it; until then its own still have to, as it is still delivered to. */
    void forgetTarget() {
        Control.Target present = target;
        if (present != null) {
            present.subscription = null;
        }
    }

    private static Outcome outcomeOf(long claimed) {
        return claimed >= 0 ? Outcome.ORDERED : claimed == GuildLog.FULL ? Outcome.BACK_PRESSURED : Outcome.CLOSED;
    }

    @Override
    public void unsubscribe() {
        if (tryEnd()) {
            session.leave();
        }
    }

    @Override
    public String toString() {
        return "Subscription[" + session.user() + " in " + guild.id() + ", " + state + ", from " + firstOffset() + "]";
    }
}
