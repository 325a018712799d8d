package dev.guildhall.internal;

import dev.guildhall.SessionOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * At most {@value #MAX_SUBSCRIPTIONS} subscriptions of one guild on one lane, in the arrays of {@link SliceMembers}, and a
 * cursor into the guild's log.
 *
 * <p><b>Threads.</b> The lane alone walks the slice and changes its arrays and cursor, and only between walks. Any thread
 * reserves places ({@code reserved}, CAS) before it appends the control entry that fills one; a slice whose last place is
 * released is RETIRED for good, so no reservation can meet a slice that is being taken out. A publisher may set
 * {@code lapped}; the lane clears it.
 *
 * <p><b>A walk</b> delivers a batch of events that the log has ready, at most up to the next control entry. It goes event by
 * event, or session by session: when at least {@value #SESSION_MAJOR_EVENTS} events wait and the receivers' state is larger
 * than a cache, because each receiver's lines are loaded once for the whole batch then; and when {@link WritePace} says that
 * sessions are written by the walk, because each is written all events with one flush then. A session-major batch may take several turns;
 * its events are kept in {@code batch} and {@code batchIndex} remembers how far it came. Subscriptions that end meanwhile are
 * emptied in place and closed up after the batch.
 *
 * <p><b>Changes.</b> Whatever changes what a subscription gets is a control entry and ends a batch, so every event is walked with the
 * interests and modes of its place in the log. An event {@linkplain Address#isOfUsers for users} is a batch of its own: the
 * users it names are found with an index. Passive subscriptions are told of the rest when the period of their summaries is over,
 * which is timed from the first event that somebody has not got.
 *
 * <p><b>Lapped.</b> When the log no longer waited for this slice, the events from the cursor to the log's end are lost to it.
 * The lane lets the slice gate again from the end, tells every session the gap, and begins the subscriptions whose control
 * entries it jumped over; it finds them with the lane's sessions, because a session lists a subscription before its entry is
 * appended. What changed meanwhile it asks of {@link Decisions}. One whose thread has claimed no offset yet is kept in {@code missed} until it has.
 *
 * <p><b>Moving.</b> A session that was resumed on another lane leaves its slice here and joins one there ({@link Resumption}): at
 * once if the cursor there has passed its position, after being given what lies between; otherwise when the cursor is there
 * ({@code joins}, and no new batch goes past the first of them).
 *
 * <p><b>Proofs</b> (jcstress, {@code SliceProof}): nobody has a place in a retired slice, and one of those who release retires it.
 */
abstract non-sealed class Slice extends SliceMembers {
    /** Subscriptions of one slice. */
    static final int MAX_SUBSCRIPTIONS = 16_384;

    /** Events of one batch. */
    static final int MAX_BATCH = 64;

    /** Events of one that the walk writes: the most that rings with the default bounds hold as one. */
    static final int MAX_WRITTEN = SessionOptions.DEFAULT_MAX_REPLAY_EVENTS / SessionRing.FORGET_PART;

    /** Waiting events from which on a large slice is walked session by session. */
    static final int SESSION_MAJOR_EVENTS = 16;

    /** Entries a slice without subscriptions passes in one walk. */
    private static final int MAX_PASSED = 4_096;

    private static final int RETIRED = -1;

    final GuildLane guildLane;
    final GuildLog log;
    final PaddedCounter cursor = new PaddedCounter();
    volatile boolean lapped;

    private final AtomicInteger reserved = new AtomicInteger();
    private volatile long stalledAt = -1;
    private volatile long stalledSince;

    /** What is being delivered session by session; null if nothing is. */
    private @Nullable Batch batch;

    private int batchIndex;
    private int holes;
    private List<LocalSubscription> missed = List.of();

    /** Null if nobody ever waited. */
    private @Nullable Joins joins;

    private boolean summaryIsDue;

    Slice(GuildLane guildLane) {
        super(guildLane.guild.incarnation());
        this.guildLane = guildLane;
        this.log = guildLane.log;
    }

    /** Delivers one event to all matching active receivers; answers how many there were. */
    abstract int deliver(LogEvent event);

    /** Delivers the events in order to each of the receivers {@code from} to {@code to - 1}; answers how many deliveries. */
    abstract int deliver(Batch events, int from, int to);

    /** Whether receivers are connections, which a walk may write to if that is cheap. */
    abstract boolean hasConnections();

    /** A batch begins to be delivered session by session. */
    abstract void begin(Batch events);

    /** It was delivered to the last session. */
    abstract void end(Batch events);

    /** Delivers one event to one receiver, between walks. */
    abstract void deliverTo(int index, LogEvent event);

    // --- reservations, any thread

    boolean tryReserve() {
        int present = reserved.get();
        while (present != RETIRED && present < MAX_SUBSCRIPTIONS) {
            if (reserved.compareAndSet(present, present + 1)) {
                return true;
            }
            present = reserved.get();
        }
        return false;
    }

    /** Reserves for a session whose ended place here is still to be emptied: that happens before this one is filled. */
    boolean tryReserveAgain() {
        int present = reserved.get();
        while (present != RETIRED) {
            if (reserved.compareAndSet(present, present + 1)) {
                return true;
            }
            present = reserved.get();
        }
        return false;
    }

    /** Gives a place back; true if it was the last one and the caller must take the slice out. */
    boolean release() {
        while (true) {
            int present = reserved.get();
            int next = present == 1 ? RETIRED : present - 1;
            if (reserved.compareAndSet(present, next)) {
                return next == RETIRED;
            }
        }
    }

    // --- stall detection, publishers of a full log

    /** Whether the cursor has stood at {@code position} for as long as {@code limitNanos}; the first call starts the time. */
    boolean hasStalled(long position, long nowNanos, long limitNanos) {
        if (stalledAt != position) {
            stalledSince = nowNanos;
            stalledAt = position;
            return false;
        }
        return nowNanos - stalledSince >= limitNanos;
    }

    // --- the walk, lane only

    /** Delivers the next batch, or a part of it, within the budget; answers the deliveries made plus one. */
    int walk() {
        guildLane.lane.sessions.walkBegins(size);
        if (batch != null) {
            return 1 + continueBatch(batch);
        }
        if (lapped) {
            resynchronise();
        }
        long at = cursor.getPlain();
        if (firstJoin() <= at) {
            Objects.requireNonNull(joins).takeDue(at, this::joinNow);
        }
        if (!missed.isEmpty()) {
            beginMissed(); // after the joins, of which one may be an earlier stay of the same session
        }
        Object entry = log.read(at);
        if (entry instanceof Control control && control.offset == at) {
            control.pass(this);
            moveCursor(at + 1);
            return 1;
        }
        return 1 + (size == 0 ? pass(at) : deliverFrom(at));
    }

    /** Whether a walk would find something to do. */
    boolean hasWork() {
        return batch != null
                || lapped
                || log.isPresent(cursor.getPlain())
                || firstJoin() <= cursor.getPlain()
                || hasSettledMissed();
    }

    private int pass(long from) {
        long at = from;
        long end = Math.min(from + MAX_PASSED, firstJoin());
        while (at < end && log.read(at) instanceof LogEvent event && event.offset == at) {
            at++;
        }
        if (at != from) {
            moveCursor(at);
        }
        return 0;
    }

    private int deliverFrom(long at) {
        LogEvent[] waiting = guildLane.lane.scratch;
        int ready = collect(at, waiting);
        boolean isCounted = log.counts().isWatching();
        int plain = writesThrough() ? plainEvents(waiting, ready) : 0;
        boolean isSessionMajor = ready >= SESSION_MAJOR_EVENTS && isLarge();
        if (!isCounted && (plain > 0 || isSessionMajor)) {
            boolean writesThrough = plain == ready || !isSessionMajor;
            int events = writesThrough ? plain : ready;
            Arrays.fill(waiting, events, ready, null);
            return beginBatch(waiting, events, writesThrough);
        }
        int events = Math.min(ready, eventsOfTurn());
        int delivered = 0;
        for (int i = 0; i < events; i++) {
            LogEvent event = waiting[i];
            int receivers = event.isOfUsers() ? deliverOfUsers(event) : deliverToActive(event);
            if (isCounted) {
                log.counts().add(event, receivers);
            }
            delivered += receivers;
            countForPassive(event);
        }
        Arrays.fill(waiting, 0, ready, null);
        if (events > 0) {
            moveCursor(at + events);
        }
        return delivered;
    }

    private boolean writesThrough() {
        return hasConnections() && guildLane.lane.writePace.writesThrough();
    }

    private int beginBatch(LogEvent[] events, int count, boolean writesThrough) {
        Batch next = guildLane.lane.takeBatch();
        next.take(events, count);
        next.writesThrough = writesThrough;
        begin(next);
        batch = next;
        batchIndex = 0;
        return continueBatch(next);
    }

    /** How many events there are before one that is delivered in a special way. */
    private static int plainEvents(LogEvent[] events, int count) {
        int plain = 0;
        while (plain < count && events[plain].cost >= 0 && !events[plain].isOfUsers()) {
            plain++;
        }
        return plain;
    }

    private int deliverToActive(LogEvent event) {
        return activeCount == 0 ? 0 : deliver(event);
    }

    /** An event for some users only, or for all and for those whom it mentions even if they are passive. */
    private int deliverOfUsers(LogEvent event) {
        Address address = event.address;
        Set<String> only = address.users();
        int delivered = only == null ? deliverToActive(event) : 0;
        for (String user : only == null ? address.mentions : only) {
            for (LocalSubscription each = firstOf(user); each != null; each = each.nextOfUser) {
                if (only != null || (each.unread != null && matches(each.index, event))) {
                    deliverTo(each.index, event);
                    delivered++;
                }
            }
        }
        return delivered;
    }

    /** Delivers the next part of the batch; answers how many deliveries that were. */
    private int continueBatch(Batch present) {
        WritePace pace = guildLane.lane.writePace;
        present.writesThrough &= pace.writesThrough();
        int to = Math.min(activeCount, batchIndex + Math.max(1, guildLane.lane.turnBudget / present.size));
        if (present.writesThrough) {
            pace.writingBegins();
        }
        int delivered = deliver(present, batchIndex, to);
        if (present.writesThrough) {
            pace.writingEnds();
        }
        batchIndex = to;
        if (to == activeCount) {
            endBatch(present);
        }
        return delivered;
    }

    private void endBatch(Batch present) {
        if (joins != null) {
            joins.serve(present, cursor.getPlain() + present.size, guildLane.lane.sessions);
        }
        end(present);
        for (int i = 0; i < present.size; i++) {
            countForPassive(present.events[i]);
        }
        moveCursor(cursor.getPlain() + present.size);
        batch = null;
        guildLane.lane.giveBatch(present);
        if (holes > 0) {
            holes = 0;
            closeHoles();
        }
    }

    /** Copies the events that are ready from the cursor on, up to a control entry or to an event for users, which comes alone. */
    private int collect(long at, LogEvent[] into) {
        int most = writesThrough() ? MAX_WRITTEN : isLarge() ? MAX_BATCH : eventsOfTurn();
        most = (int) Math.min(most, firstJoin() - at);
        int count = 0;
        while (count < most && log.read(at + count) instanceof LogEvent event && event.offset == at + count) {
            if (event.isOfUsers()) {
                if (count == 0) {
                    into[count++] = event;
                }
                break;
            }
            into[count++] = event;
        }
        return count;
    }

    /** Whether the state of the receivers, or of those that other slices of such a guild have, is larger than a cache. */
    private boolean isLarge() {
        return size >= guildLane.lane.sessionMajorFrom;
    }

    /** Events that a turn's budget lets be delivered to all. */
    private int eventsOfTurn() {
        return Math.clamp(guildLane.lane.turnBudget / Math.max(1, activeCount), 1, MAX_BATCH);
    }

    private void moveCursor(long to) {
        cursor.setRelease(to);
        log.cursorMoved();
    }

    // --- membership, lane only

    /**
     * Gives the subscription its place, unless it ended before its control entry was passed; if the session has moved to another
     * lane meanwhile, it gets it there. Answers whether it has it here. A place that the session had here
     * before is emptied first, so it gets no event twice.
     */
    boolean begin(LocalSubscription subscription) {
        LaneSessions sessions = guildLane.lane.sessions;
        if (subscription.session.lane() != guildLane.lane || subscription.session.isMoving()) {
            subscription.place(null);
            guildLane.release(this);
            sessions.forgetOrphan(subscription);
            MovingSubscription.follow(subscription);
            return false;
        }
        sessions.register(subscription.session);
        // Before this one counts as passed: if it ends meanwhile, it is taken out when it has its place, not before.
        subscription.session.removeEnded();
        subscription.passed = true;
        sessions.forgetOrphan(subscription);
        if (subscription.tryBegin()) {
            subscription.session.deliverSent();
            addMember(subscription);
            subscription.takeWelcome().forEach(event -> deliverTo(subscription.index, event));
            return true;
        }
        guildLane.release(this);
        sessions.forget(subscription);
        return false;
    }

    /** Takes a subscription out, now or after the batch that is under way. */
    void remove(LocalSubscription subscription) {
        Batch present = batch;
        removeMember(subscription, present != null);
        if (present != null && ++holes == size) {
            endBatch(present); // nobody is left to walk it for
        }
        guildLane.release(this);
    }

    /** Ends all subscriptions of a user; the cursor is at the kick. */
    void endAllOf(String user) {
        LocalSubscription each = size == 0 ? null : firstOf(user);
        while (each != null) {
            LocalSubscription next = each.nextOfUser;
            end(each);
            each = next;
        }
    }

    private void endIfKicked(LocalSubscription subscription) {
        if (guildLane.guild.decisions.hasKicked(subscription, cursor.getPlain())) {
            end(subscription);
        }
    }

    private void end(LocalSubscription subscription) {
        if (subscription.closedFrom() >= 0) {
            tellGap(subscription.index, subscription.closedFrom());
        }
        subscription.tryEnd();
        remove(subscription);
        subscription.session.forget(subscription);
    }

    // --- what subscriptions get, lane only

    /** Applies a change to the subscriptions of a user; the cursor is at it. */
    void changeAllOf(String user, Control.Change change) {
        LocalSubscription each = size == 0 ? null : firstOf(user);
        for (; each != null; each = each.nextOfUser) {
            change(each, change);
        }
    }

    /** Applies a change to a subscription that has its place here. */
    void change(LocalSubscription subscription, Control.Change change) {
        InterestSet interests = change.interests;
        if (interests != null) {
            long closedFrom = subscription.closedFrom();
            change(subscription, () -> subscription.open(interests));
            if (closedFrom >= 0) {
                tellGap(subscription.index, closedFrom);
            }
        } else if (subscription.isPassive() != change.isPassive()) {
            changeMode(subscription, change.isPassive());
        }
    }

    /** What a passive one was not told of, it is told before the stream goes on. */
    private void changeMode(LocalSubscription subscription, boolean passive) {
        Unread before = subscription.unread;
        change(subscription, () -> subscription.setPassive(passive));
        LogEvent summary = before == null ? null : before.take(guildLane.guild.incarnation());
        if (summary != null) {
            deliverTo(subscription.index, summary);
        }
    }

    private void countForPassive(LogEvent event) {
        if (countUnread(event)) {
            expectSummary();
        }
    }

    /** Somebody has something unread: makes sure it is told when the period is over. */
    private void expectSummary() {
        if (!summaryIsDue) {
            summaryIsDue = true;
            LaneTask tell = lane -> tellUnread();
            LocalEngine engine = guildLane.guild.engine();
            engine.alarms().schedule(engine.config().audience().unreadPeriod(), () -> guildLane.lane.offer(tell));
        }
    }

    private void tellUnread() {
        summaryIsDue = false;
        forEachSummary(this::deliverTo);
    }

    // --- sessions that move between lanes, lane only

    /** Takes out a subscription that goes on elsewhere; answers the first offset it lacks. */
    long leave(LocalSubscription subscription) {
        if (subscription.index >= 0) {
            long position = position(subscription);
            remove(subscription);
            subscription.place(null);
            return position;
        }
        long from = joins == null ? -1 : joins.remove(subscription);
        if (from >= 0) {
            subscription.place(null);
            guildLane.release(this);
            return from;
        }
        throw new IllegalStateException(subscription + " has no place in " + this);
    }

    /** The first offset that a subscription with a place here was not served. */
    long position(LocalSubscription subscription) {
        if (subscription.index < 0) {
            return joins == null ? subscription.firstOffset() : joins.position(subscription);
        }
        Batch present = batch;
        int served = present != null && subscription.index < batchIndex ? present.size : 0;
        return cursor.getPlain() + served;
    }

    /** What a subscription that was served elsewhere up to {@code from} has to be given before it can join. */
    CatchUp catchUp(LocalSubscription subscription, long from) {
        return CatchUp.read(log, subscription, from, cursor.getPlain());
    }

    /**
     * Gives a subscription its reserved place that was served elsewhere, or has been caught up, to {@code from}: now, or when the cursor
     * is there and no batch is under way, whose holes may still take the room.
     */
    void join(LocalSubscription subscription, long from) {
        if (from <= cursor.getPlain() && batch == null) {
            addArrived(subscription);
            return;
        }
        if (joins == null) {
            joins = new Joins();
        }
        joins.add(subscription, from);
    }

    /** One that has come from another lane brings what it was not told there. */
    private void addArrived(LocalSubscription subscription) {
        Unread untold = subscription.unread;
        if (untold != null && !untold.isEmpty()) {
            expectSummary();
        }
        addMember(subscription);
    }

    private long firstJoin() {
        return joins == null ? Long.MAX_VALUE : joins.first();
    }

    private void joinNow(LocalSubscription subscription, long from) {
        if (!subscription.isLive()) {
            subscription.place(null); // its session may move before it takes it off its list
            guildLane.release(this);
            return;
        }
        CatchUp missing = catchUp(subscription, from); // nothing, unless the slice was lapped meanwhile
        if (missing.state() == CatchUp.State.COMPLETE) {
            missing.apply();
            addArrived(subscription);
            missing.events().forEach(event -> deliverTo(subscription.index, event));
        } else {
            long untold = subscription.untoldFrom(from);
            bring(subscription, from);
            addArrived(subscription);
            tellGap(subscription.index, untold);
        }
        endIfKicked(subscription);
    }

    /** Tells a session that has come from another lane that the log had lost what it lacked up to the cursor. */
    void tellLost(LocalSubscription subscription, long from) {
        long first = subscription.untoldFrom(from);
        bring(subscription, from);
        long to = subscription.endsBefore(cursor.getPlain());
        if (first < to) {
            GapNotice notice = GapNotice.of(guildLane.guild.incarnation(), first, to - 1, to - first);
            subscription.session.lost(notice);
            guildLane.lane.sessions.append(subscription.session.slot, notice);
            guildLane.lane.counters.gaps += to - first;
        }
    }

    /** Gives a subscription that lacks the entries from {@code from} to the cursor what it may have after them. */
    private void bring(LocalSubscription subscription, long from) {
        guildLane.guild.decisions.bring(subscription, from, cursor.getPlain());
    }

    // --- after being lapped, lane only

    private void resynchronise() {
        long from = cursor.getPlain();
        cursor.setVolatile(log.end());
        lapped = false;
        long to = log.end();
        cursor.setVolatile(to);
        log.cursorMoved();
        forEachSummary(this::deliverTo); // what was counted lies before the gap
        for (LocalSubscription subscription : Arrays.copyOf(subscriptions, size)) {
            resume(Objects.requireNonNull(subscription), from);
        }
        for (long at = Math.max(from, to - log.capacity()); at < to; at++) {
            if (log.read(at) instanceof Control control && control.offset == at) {
                control.jump(this);
            }
        }
        guildLane.lane.takeAllMarks();
        missed = guildLane.lane.sessions.pendingIn(this);
    }

    private void resume(LocalSubscription subscription, long from) {
        long untold = subscription.untoldFrom(from);
        change(subscription, () -> bring(subscription, from));
        tellGap(subscription.index, untold);
        endIfKicked(subscription);
    }

    /** Begins the missed subscriptions whose offset is known, and keeps the others. */
    private void beginMissed() {
        List<LocalSubscription> candidates = missed;
        missed = new ArrayList<>();
        for (LocalSubscription candidate : candidates) {
            if (candidate.isSettled()) {
                settle(candidate);
            } else {
                missed.add(candidate);
            }
        }
    }

    private void settle(LocalSubscription candidate) {
        boolean jumpedOver =
                !candidate.passed && candidate.slice() == this && candidate.firstOffset() <= cursor.getPlain();
        if (jumpedOver && begin(candidate)) {
            resume(candidate, candidate.firstOffset());
        }
    }

    private boolean hasSettledMissed() {
        for (LocalSubscription candidate : missed) {
            if (candidate.isSettled()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells one session that it lost the events between {@code from} and the cursor, as far as it was subscribed. Not if it has left: it
     * may have subscribed again within these events, and is told of them for that.
     */
    private void tellGap(int index, long from) {
        LocalSubscription subscription = Objects.requireNonNull(subscriptions[index]);
        if (!subscription.isLive()) {
            return;
        }
        long first = Math.max(from, subscription.firstOffset());
        long to = subscription.endsBefore(cursor.getPlain());
        if (first < to) {
            GapNotice notice = GapNotice.of(guildLane.guild.incarnation(), first, to - 1, to - first);
            subscription.session.lost(notice);
            deliverTo(index, notice);
            guildLane.lane.counters.gaps += to - first;
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + guildLane + ", size=" + size + ", cursor=" + cursor + "]";
    }
}
