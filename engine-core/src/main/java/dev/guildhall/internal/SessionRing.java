package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import dev.guildhall.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a session is still to be written and what it was written but may have to be written again: numbers of shared events in
 * the lane's {@link EventTable}, or of batches that were written ({@link EventBundles}), in order, with marks between them. It is
 * the only queue between a lane and a connection.
 * {@link RingMarks} says where; what a client that comes back, a bound or a class of delivery does to it is here.
 *
 * <p><b>Coming back.</b> {@linkplain #rewind Resuming} from a number moves {@code sent} back to it, turns what is SPENT behind it
 * into SKIPPED and lets the following events be numbered anew, densely.
 *
 * <p><b>Bounds.</b> Both parts have one in events and one in bytes. Replay forgets its oldest when it is over. A backlog that is
 * full refuses, and {@link Overflow} decides. The bounds of the backlog are {@linkplain #relax doubled} from the
 * loss of a connection until the backlog was written out once.
 *
 * <p>A ring belongs to a session only while it holds something; an empty one goes back to its lane's pool.
 *
 * <p>Lane only, and allocated on the lane: two lanes' rings do not share cache lines as session objects, which any thread may
 * open, would.
 */
final class SessionRing extends RingMarks {
    private static final int BACKLOG_PARTS = 16;

    /** Multiplied with consecutive numbers gives upper halves that are spread evenly. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** When the replay is over a bound, this part of it is forgotten. */
    static final int FORGET_PART = 8;

    private @Nullable LocalSession session;
    private boolean relaxed;

    /** Whether dropping has left nothing but notices, and these fill the backlog. */
    private boolean crowded;

    /** Whether a value was left out because a newer one of its key followed. */
    private boolean conflated;

    SessionRing(EventTable events) {
        super(events);
    }

    /** Gives the empty ring to a session whose last event had the number {@code seq}. */
    void assign(LocalSession owner, long seq) {
        session = owner;
        ackedSeq = seq;
        SessionOptions options = owner.options();
        maxBacklog = options.maxBacklogEvents();
        maxBacklogBytes = options.maxBacklogBytes();
        maxReplay = owner.isResumable() ? options.maxReplayEvents() : 0;
        maxReplayBytes = options.maxReplayBytes();
        relaxed = false;
        crowded = false;
        conflated = false;
        if (!owner.isAttached()) {
            relax();
        }
    }

    /** Takes the ring, which must be empty, from its session. */
    void unassign() {
        if (conflated) {
            session().sparedValues();
        }
        session = null;
        discardIndex();
    }

    /** The session it is assigned to. */
    LocalSession session() {
        return Objects.requireNonNull(session, "an unassigned ring");
    }

    // --- appending

    /** Appends the event of the place and holds it, or answers false if a bound of the backlog is reached. */
    boolean add(int place) {
        int cost = events.cost(place);
        if (cost < 0) {
            return addSpecial(place);
        }
        if (backlog >= maxBacklog || backlogBytes + cost > maxBacklogBytes) {
            return false;
        }
        put(place, cost);
        events.hold(place);
        return true;
    }

    /** Appends whatever the bounds say: that a client was resumed, or that what was dropped is told of. */
    void addNotice(LogEvent notice) {
        put(events.take(notice), notice.weight());
    }

    private boolean addSpecial(int place) {
        LogEvent event = events.event(place);
        int weight = event.weight();
        if (event instanceof KeyedEvent keyed && weight <= maxBacklogBytes && maxBacklog > 0) {
            takeAwayOlder(keyed);
        }
        if (backlog >= maxBacklog || backlogBytes + weight > maxBacklogBytes) {
            return false;
        }
        put(place, weight);
        events.hold(place);
        if (event instanceof KeyedEvent keyed) {
            index().put(keyed.key, head - 1);
        } else if (event instanceof ExpiringEvent) {
            ephemerals++;
        }
        return true;
    }

    /**
     * Appends all events, or answers false if they have to be appended one by one. The batch holds them for this ring until it
     * ends.
     */
    boolean add(Batch batch) {
        int count = batch.size;
        if (!batch.isPlain || backlog + count > maxBacklog || backlogBytes + batch.bytes > maxBacklogBytes) {
            return false;
        }
        putAll(batch.places, count, (int) batch.bytes);
        return true;
    }

    /** Whether everything was written, so that an event of at most {@link #mostBytes()} may be written before it is added. */
    boolean isWrittenOut() {
        return sent == head && written == head && maxBacklog > 0;
    }

    /** What a backlog may weigh. */
    int mostBytes() {
        return maxBacklogBytes;
    }

    /** How much each of so many events may weigh that are all kept; none may if so many are not kept. */
    int mostBytesOfEach(int count) {
        return count <= maxReplay ? Math.min(maxBacklogBytes, maxReplayBytes) / count : -1;
    }

    /** Adds plain events that were written already and are held for this, which has none that were not. */
    void addWritten(int[] places, int from, int count) {
        if (count > 0) {
            putWritten(places, from, count, events.costs(places, from, count));
            crowded = false;
            forgetIfTooMuch();
        }
    }

    /** Adds the first events of a batch, which were written already; this has none that were not. */
    void addWritten(Batch batch, int count) {
        if (count == batch.size && isKeptAsOne(batch)) {
            putBundle(bundleOf(batch), count, (int) batch.bytes);
            batch.bundleRings++;
        } else if (count == batch.size) {
            batch.wholeRings++;
            putWritten(batch.places, 0, count, (int) batch.bytes);
        } else {
            for (int i = 0; i < count; i++) {
                events.hold(batch.places[i]);
            }
            putWritten(batch.places, 0, count, events.costs(batch.places, 0, count));
        }
        crowded &= count == 0;
        forgetIfTooMuch();
    }

    /** Whether the batch is kept as one, which is forgotten as one: that may be no more than is forgotten at once anyhow. */
    private boolean isKeptAsOne(Batch batch) {
        return batch.size >= EventBundles.LEAST_EVENTS
                && batch.receivers >= EventBundles.LEAST_RINGS
                && batch.size <= maxReplay / FORGET_PART
                && batch.bytes <= maxReplayBytes / FORGET_PART;
    }

    private int bundleOf(Batch batch) {
        if (batch.bundle == 0) {
            batch.bundle = events.bundles.takeForWalk(batch);
        }
        return batch.bundle;
    }

    /** An older value that this connection has not been written is not needed any more. */
    private void takeAwayOlder(KeyedEvent newer) {
        if (newest != null && newest.isKnownFrom(newer.key, sent)) {
            int position = newest.position(newer.key);
            if (position - written >= 0) {
                events.counters.conflated++;
            }
            conflated = true;
            skip(position);
        }
    }

    // --- writing

    /**
     * The next event to write, which gets a number, or null if there is none. A series of calls, which nothing but appending may
     * interrupt, ends with {@link #endWriting}.
     */
    @Nullable
    LogEvent next(EngineClock clock) {
        while (sent + run != head) {
            int place = placeAt(sent + run);
            if (events.cost(place) > 0) {
                run++;
                return events.event(place);
            }
            endRun();
            if (isTombstone(place)) {
                passTombstone(place);
            } else if (!isOver(place, clock)) {
                return passSpecial(place);
            }
        }
        return null;
    }

    /** What was taken by {@link #next} is written, or lost with the connection; forgets what is too much to keep. */
    void endWriting() {
        endRun();
        forgetIfTooMuch();
    }

    private void forgetIfTooMuch() {
        if (replay > maxReplay || replayBytes > maxReplayBytes) {
            forgetTooMuch();
        }
    }

    /** Counts plain events that were taken one after the other. */
    private void endRun() {
        crowded &= run == 0;
        int fresh = Math.clamp(sent + run - written, 0, run);
        int bytes = 0;
        for (int position = sent + run - fresh; position != sent + run; position++) {
            bytes += events.cost(placeAt(position));
        }
        events.counters.replayed += run - fresh;
        sent += run;
        run = 0;
        countWritten(fresh, bytes);
    }

    /**
     * Forgets the oldest, a good deal at once: where they lie no other turn has been for long, so each visit is slow. A bundle is a
     * good deal, and takes one visit.
     */
    private void forgetTooMuch() {
        int keep = maxReplay - maxReplay / FORGET_PART;
        int keepBytes = maxReplayBytes - maxReplayBytes / FORGET_PART;
        while (acked != sent && (replay > keep || replayBytes > keepBytes)) {
            if (EventBundles.isBundle(placeAt(acked))) {
                if (replay <= maxReplay && replayBytes <= maxReplayBytes) {
                    return;
                }
                forgetOldest();
            } else if (replay <= keep || !forgetPlain(Math.min(replay - keep, sent - acked))) {
                forgetOldest();
            }
        }
    }

    /** Whether the time of the next event is over; then it is dropped. */
    private boolean isOver(int place, EngineClock clock) {
        if (events.event(place) instanceof ExpiringEvent expiring) {
            ephemerals--;
            if (expiring.hasExpired(clock.nanoTime())) {
                events.counters.dropped++;
                session().lost(expiring);
                skip(sent);
                return true;
            }
        }
        return false;
    }

    /** The next event is written, and kept if it has a key. */
    private LogEvent passSpecial(int place) {
        LogEvent event = events.event(place);
        if (event instanceof KeyedEvent) {
            advance(event.weight());
        } else {
            setPlace(sent, EventTable.SPENT);
            events.release(place);
            backlogBytes -= event.weight();
            advance(0);
        }
        return event;
    }

    // --- coming back

    /**
     * The client has everything up to {@code seq}, from {@code ackedSeq} to the session's last number, and nothing after it:
     * what follows is to be written again. Older values of a key are left out if a newer one follows.
     */
    void rewind(long seq) {
        acknowledge(seq);
        unbundle();
        sent = acked;
        for (int position = sent; position != head; position++) {
            int place = placeAt(position);
            if (events.cost(place) < 0 && !isTombstone(place)) {
                skipIfObsolete(position, events.event(place));
            }
        }
        while (head != sent && placeAt(head - 1) == EventTable.SKIPPED) {
            head--;
            skipped--;
        }
        written = written - head > 0 ? head : written;
    }

    private void skipIfObsolete(int position, LogEvent event) {
        if (event.isMark()) {
            events.counters.dropped++;
            skip(position);
        } else if (event instanceof KeyedEvent keyed && newest != null && !newest.isAt(keyed.key, position)) {
            conflated = true;
            skip(position);
        }
    }

    /** Doubles the bounds of the backlog: the client is away, or being caught up. */
    void relax() {
        if (!relaxed) {
            relaxed = true;
            maxBacklog *= 2;
            maxBacklogBytes *= 2;
        }
    }

    /** Takes nothing more: the session ends, and what followed a hole must not be written. */
    void seal() {
        maxBacklog = 0;
    }

    boolean isRelaxed() {
        return relaxed;
    }

    /** The session's turn is over: tidies up what writing and forgetting left behind. */
    void settle() {
        if (relaxed && sent == head && session().isAttached()) {
            relaxed = false;
            maxBacklog /= 2;
            maxBacklogBytes /= 2;
        }
        if (skipped > 0) {
            forgetSkipped();
        }
        giveSpaceBack();
    }

    // --- losing, with counting

    /** Drops the events that count for a moment only; answers whether there were any. */
    boolean dropEphemerals() {
        boolean found = ephemerals > 0;
        for (int position = written; ephemerals > 0; position++) {
            int place = placeAt(position);
            if (!isTombstone(place) && events.event(place) instanceof ExpiringEvent expiring) {
                ephemerals--;
                events.counters.dropped++;
                session().lost(expiring);
                skip(position);
            }
        }
        return found;
    }

    /**
     * Drops the oldest sixteenth of the backlog, or up to twice as much, by the session's number: sessions of a guild that are full
     * at the same time are not all full again at the same time.
     */
    void dropOldest() {
        double spread = ((session().number() * SPREAD) >>> 32) / 0x1p32;
        double part = (1 + spread) / BACKLOG_PARTS;
        Losses.drop(this, maxBacklog - (int) (maxBacklog * part), maxBacklogBytes - (int) (maxBacklogBytes * part));
    }

    /** Drops the oldest half of the backlog. */
    void dropHalf() {
        Losses.drop(this, maxBacklog / 2, maxBacklogBytes / 2);
    }

    /** Drops everything that this connection has not been written. */
    void dropAll() {
        Losses.drop(this, -1, -1);
        crowded = backlog >= maxBacklog / 2;
    }

    /** Adds a lost event to its guild's notice, if dropping would only make the same notices again. */
    boolean addToNotice(LogEvent lost) {
        return crowded && Losses.addToNotice(this, lost);
    }

    // --- what it holds

    /** The event at a position between the marks; null for a tombstone. */
    @Nullable
    LogEvent eventAt(int position) {
        int place = placeAt(position);
        return isTombstone(place) ? null : events.event(place);
    }

    boolean hasConflated() {
        return conflated;
    }

    /** Whether the session needs no ring: this one holds nothing and may take something. */
    boolean isEmpty() {
        return acked == head && maxBacklog > 0;
    }

    // --- moving to another lane, whose rings know other places

    /**
     * What the ring of a client that comes back held.
     *
     * @param events null where an event was written and is not kept
     * @param written how many of them were written before
     * @param ackedSeq number of the last event before them
     */
    record Content(List<@Nullable LogEvent> events, int written, long ackedSeq) {}

    /** Takes everything out of a ring that was rewound. */
    Content unload() {
        closeUp();
        List<@Nullable LogEvent> content = new ArrayList<>(head);
        for (int position = 0; position != head; position++) {
            int place = placeAt(position);
            content.add(isTombstone(place) ? null : events.event(place));
        }
        Content unloaded = new Content(content, written, ackedSeq);
        clear();
        return unloaded;
    }

    /** Takes over what another ring held; this one is empty. */
    void load(Content content) {
        ackedSeq = content.ackedSeq();
        for (@Nullable LogEvent event : content.events()) {
            if (event == null) {
                put(EventTable.SPENT, 0);
            } else {
                addNotice(event);
                if (event instanceof KeyedEvent keyed) {
                    index().put(keyed.key, head - 1);
                } else if (event instanceof ExpiringEvent) {
                    ephemerals++;
                }
            }
        }
        int first = head - content.events().size();
        sent = first;
        written = first + content.written();
        for (int position = first; position != written; position++) {
            int weight = events.weight(placeAt(position));
            backlog--;
            backlogBytes -= weight;
            replay++;
            replayBytes += weight;
        }
    }

    @Override
    public String toString() {
        return "SessionRing[replay=" + replay + ", backlog=" + backlog + ", " + capacity() + " slots]";
    }
}
