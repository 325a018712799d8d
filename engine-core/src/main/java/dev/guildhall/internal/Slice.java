package dev.guildhall.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * At most {@value #MAX_SUBSCRIPTIONS} subscriptions of one guild on one lane: a dense array of receivers, which a subclass
 * keeps, a {@code long[]} of interest masks beside it, and a cursor into the guild's log.
 *
 * <p><b>Threads.</b> The lane alone walks the slice and changes its arrays and cursor, and only between walks. Any thread
 * reserves places ({@code reserved}, CAS) before it appends the control entry that fills one; a slice whose last place is
 * released is RETIRED for good, so no reservation can meet a slice that is being taken out. A publisher may set
 * {@code lapped}; the lane clears it.
 *
 * <p><b>A walk</b> delivers a batch of events that the log has ready, at most up to the next control entry. It goes event by
 * event, or session by session when at least {@value #SESSION_MAJOR_EVENTS} events wait and the receivers' state is larger
 * than a cache: then each receiver's lines are loaded once for the whole batch. A session-major batch may take several turns;
 * its events are kept in {@code batch} and {@code batchIndex} remembers how far it came. Subscriptions that end meanwhile are
 * emptied in place and closed up after the batch.
 *
 * <p><b>Lapped.</b> When the log no longer waited for this slice, the events from the cursor to the log's end are lost to it.
 * The lane lets the slice gate again from the end, tells every session the gap, and begins the subscriptions whose control
 * entries it jumped over; it finds them with the lane's sessions, because a session lists a subscription before its entry is
 * appended. One whose thread has claimed no offset yet is kept in {@code missed} until it has.
 *
 * <p><b>Moving.</b> A session that was resumed on another lane leaves its slice here and joins one there ({@link Resumption}): at
 * once if the cursor there has passed its position, after being given what lies between; otherwise when the cursor is there
 * ({@code joins}, and no new batch goes past the first of them).
 */
abstract class Slice {
    /** Subscriptions of one slice. */
    static final int MAX_SUBSCRIPTIONS = 16_384;

    /** Events of one batch. */
    static final int MAX_BATCH = 64;

    /** Waiting events from which on a large slice is walked session by session. */
    static final int SESSION_MAJOR_EVENTS = 16;

    /** Entries a slice without subscriptions passes in one walk. */
    private static final int MAX_PASSED = 4_096;

    private static final int RETIRED = -1;
    private static final int FIRST_CAPACITY = 4;

    final GuildLane guildLane;
    final GuildLog log;
    final PaddedCounter cursor = new PaddedCounter();
    volatile boolean lapped;

    private final AtomicInteger reserved = new AtomicInteger();
    private volatile long stalledAt = -1;
    private volatile long stalledSince;

    int size;
    long[] masks = new long[FIRST_CAPACITY];

    @Nullable
    LocalSubscription[] subscriptions = new LocalSubscription[FIRST_CAPACITY];

    /** What is being delivered session by session; null if nothing is. */
    private @Nullable Batch batch;

    private int batchIndex;
    private int holes;
    private List<LocalSubscription> missed = List.of();

    /** Null if nobody ever waited. */
    private @Nullable Joins joins;

    Slice(GuildLane guildLane) {
        this.guildLane = guildLane;
        this.log = guildLane.log;
    }

    /** Delivers one event to all matching receivers; answers how many there were. */
    abstract int deliver(LogEvent event);

    /** Delivers the events in order to each of the receivers {@code from} to {@code to - 1}; answers how many deliveries. */
    abstract int deliver(Batch events, int from, int to);

    /** A batch begins to be delivered session by session. */
    abstract void begin(Batch events);

    /** It was delivered to the last session. */
    abstract void end(Batch events);

    /** Delivers one event to one receiver, between walks. */
    abstract void deliverTo(int index, LogEvent event);

    /** Makes the receiver array larger. */
    abstract void growReceivers(int capacity);

    /** Puts the subscription's receiver at the index. */
    abstract void setReceiver(int index, LocalSubscription subscription);

    /** Moves a receiver. */
    abstract void moveReceiver(int from, int to);

    /** Makes the receiver at the index one that takes nothing. */
    abstract void clearReceiver(int index);

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
        if (!missed.isEmpty()) {
            beginMissed();
        }
        long at = cursor.getPlain();
        if (firstJoin() <= at) {
            Objects.requireNonNull(joins).takeDue(at, this::joinNow);
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
        if (ready >= SESSION_MAJOR_EVENTS && isLarge() && !isCounted) {
            Batch next = guildLane.lane.takeBatch();
            next.take(waiting, ready);
            begin(next);
            batch = next;
            batchIndex = 0;
            return continueBatch(next);
        }
        int events = Math.min(ready, eventsOfTurn());
        int delivered = 0;
        for (int i = 0; i < events; i++) {
            int receivers = deliver(waiting[i]);
            if (isCounted) {
                log.counts().add(waiting[i], receivers);
            }
            delivered += receivers;
        }
        Arrays.fill(waiting, 0, ready, null);
        if (events > 0) {
            moveCursor(at + events);
        }
        return delivered;
    }

    private int continueBatch(Batch present) {
        int to = Math.min(size, batchIndex + Math.max(1, guildLane.lane.turnBudget / present.size));
        int delivered = deliver(present, batchIndex, to);
        batchIndex = to;
        if (to == size) {
            endBatch(present);
        }
        return delivered;
    }

    private void endBatch(Batch present) {
        if (joins != null) {
            joins.serve(present, cursor.getPlain() + present.size, guildLane.lane.sessions);
        }
        end(present);
        moveCursor(cursor.getPlain() + present.size);
        batch = null;
        guildLane.lane.giveBatch(present);
        closeHoles();
    }

    /** Copies the events that are ready from the cursor on, up to a control entry. */
    private int collect(long at, LogEvent[] into) {
        int most = isLarge() ? MAX_BATCH : eventsOfTurn();
        most = (int) Math.min(most, firstJoin() - at);
        int count = 0;
        while (count < most && log.read(at + count) instanceof LogEvent event && event.offset == at + count) {
            into[count++] = event;
        }
        return count;
    }

    /** Whether the state of the receivers is larger than a cache. */
    private boolean isLarge() {
        return size >= guildLane.lane.sessionMajorFrom;
    }

    /** Events that a turn's budget lets be delivered to all. */
    private int eventsOfTurn() {
        return Math.clamp(guildLane.lane.turnBudget / size, 1, MAX_BATCH);
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
            add(subscription);
            subscription.takeWelcome().forEach(event -> deliverTo(subscription.index, event));
            return true;
        }
        guildLane.release(this);
        sessions.forget(subscription);
        return false;
    }

    private void add(LocalSubscription subscription) {
        if (size == masks.length) {
            int capacity = Math.min(MAX_SUBSCRIPTIONS, size * 2);
            masks = Arrays.copyOf(masks, capacity);
            subscriptions = Arrays.copyOf(subscriptions, capacity);
            growReceivers(capacity);
        }
        masks[size] = subscription.mask();
        subscriptions[size] = subscription;
        setReceiver(size, subscription);
        subscription.index = size++;
    }

    /** Takes a subscription out, now or after the batch that is under way. */
    void remove(LocalSubscription subscription) {
        int index = subscription.index;
        subscription.index = -1;
        if (batch != null) {
            subscriptions[index] = null;
            clearReceiver(index);
            if (++holes == size) {
                endBatch(batch); // nobody is left to walk it for
            }
        } else {
            closeHole(index);
        }
        guildLane.release(this);
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
    CatchUp catchUp(long from, long mask) {
        return CatchUp.read(log, from, cursor.getPlain(), mask);
    }

    /**
     * Gives a subscription its reserved place that was served elsewhere, or has been caught up, to {@code from}: now, or when the cursor
     * is there and no batch is under way, whose holes may still take the room.
     */
    void join(LocalSubscription subscription, long from) {
        if (from <= cursor.getPlain() && batch == null) {
            add(subscription);
            return;
        }
        if (joins == null) {
            joins = new Joins();
        }
        joins.add(subscription, from);
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
        CatchUp missing = catchUp(from, subscription.mask()); // nothing, unless the slice was lapped meanwhile
        add(subscription);
        if (missing.state() == CatchUp.State.COMPLETE) {
            missing.events().forEach(event -> deliverTo(subscription.index, event));
        } else {
            tellGap(subscription.index, from);
        }
    }

    /** Tells a session that has come from another lane that the log had lost what it lacked up to the cursor. */
    void tellLost(LocalSubscription subscription, long from) {
        long to = cursor.getPlain();
        if (from < to) {
            GapNotice notice = GapNotice.of(guildLane.guild.incarnation(), from, to - 1, to - from);
            subscription.session.lost(notice);
            guildLane.lane.sessions.append(subscription.session.slot, notice);
            guildLane.lane.counters.gaps += to - from;
        }
    }

    private void closeHoles() {
        if (holes > 0) {
            holes = 0;
            for (int i = size - 1; i >= 0; i--) {
                if (subscriptions[i] == null) {
                    closeHole(i);
                }
            }
        }
    }

    private void closeHole(int index) {
        int last = --size;
        LocalSubscription moved = subscriptions[last];
        if (index != last && moved != null) {
            masks[index] = masks[last];
            subscriptions[index] = moved;
            moveReceiver(last, index);
            moved.index = index;
        }
        subscriptions[last] = null;
        clearReceiver(last);
    }

    // --- after being lapped, lane only

    private void resynchronise() {
        long from = cursor.getPlain();
        cursor.setVolatile(log.end());
        lapped = false;
        long to = log.end();
        cursor.setVolatile(to);
        log.cursorMoved();
        for (int i = 0; i < size; i++) {
            tellGap(i, from);
        }
        for (long at = Math.max(from, to - log.capacity()); at < to; at++) {
            if (log.read(at) instanceof Control control && control.offset == at) {
                control.jump(this);
            }
        }
        guildLane.lane.takeAllMarks();
        missed = guildLane.lane.sessions.pendingIn(this);
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
            tellGap(candidate.index, candidate.firstOffset());
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

    /** Tells one session that it lost the events between {@code from} and the cursor, as far as it was subscribed. */
    private void tellGap(int index, long from) {
        LocalSubscription subscription = Objects.requireNonNull(subscriptions[index]);
        long first = Math.max(from, subscription.firstOffset());
        long to = cursor.getPlain();
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
