package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import dev.guildhall.SessionOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a session is still to be written and what it was written but may have to be written again: numbers of shared events in
 * the lane's {@link EventTable}, in order, with marks between them. It is the only queue between a lane and a connection.
 *
 * <pre>
 *  forgotten ···· acked ········ sent ········ written ········ head
 *                   └ client has it └ this connection has it       └ appended last
 *                                     (sent = written, but while a resumed client is being caught up)
 *            replay: acked..written          backlog: written..head
 * </pre>
 *
 * <p><b>Numbers.</b> An event gets the session's next sequence number when it is written, so positions and numbers are two
 * things: {@code ackedSeq} is the number of the last event before {@code acked}, and those after it are counted. A place whose
 * event was taken away holds a tombstone: SKIPPED has no number, because it was never written or will be written no more; SPENT
 * had one. {@linkplain #rewind Resuming} from a number moves {@code sent} back to it, turns what is SPENT behind it into SKIPPED
 * and lets the following events be numbered anew, densely.
 *
 * <p><b>Bounds.</b> Both parts have one in events and one in bytes. Replay forgets its oldest when it is over. A backlog that is
 * full refuses, and the lane decides ({@link LaneSessions}). The bounds of the backlog are {@linkplain #relax doubled} from the
 * loss of a connection until the backlog was written out once.
 *
 * <p><b>Space.</b> The array grows by doubling; if half of it is SKIPPED it is closed up instead. Both are linear and happen
 * after as many appends, so appending is constant on average. A ring belongs to a session only while it holds something; an
 * empty one goes back to its lane's pool. Positions are ints that may wrap round and are compared by difference.
 *
 * <p>Lane only, and allocated on the lane: two lanes' rings do not share cache lines as session objects, which any thread may
 * open, would.
 */
final class SessionRing {
    /** What a ring takes beside its slots, in bytes. */
    private static final int RING_BYTES = 128;

    private static final int SLOT_BYTES = 4;
    private static final int FIRST_CAPACITY = 8;
    private static final int SHRINK_FROM = 256;

    private static final int BACKLOG_PARTS = 16;

    /** Multiplied with consecutive numbers gives upper halves that are spread evenly. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** When the replay is over a bound, this part of it is forgotten. */
    private static final int FORGET_PART = 8;

    private final EventTable events;
    private @Nullable LocalSession session;
    private int[] slots = new int[FIRST_CAPACITY];

    // In the order of their use, so that an append and a write touch one line.
    private int head;
    private int acked;
    private int backlog;
    private int backlogBytes;
    private int maxBacklog;
    private int maxBacklogBytes;
    private int sent;
    private int written;

    /** Events after {@code sent} that were taken to be written and are not counted yet. */
    private int run;

    private int replay;
    private int replayBytes;
    private int maxReplay;
    private int maxReplayBytes;
    private long ackedSeq;

    private int skipped;
    private int ephemerals;
    private boolean relaxed;

    /** Position of the newest event of each key; null as long as no event has one. */
    private @Nullable Map<KeyedEvent.Key, Integer> latest;

    SessionRing(EventTable events) {
        this.events = events;
        events.addRingBytes(bytes());
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
        if (!owner.isAttached()) {
            relax();
        }
    }

    /** Takes the ring, which must be empty, from its session. */
    void unassign() {
        session = null;
        latest = null;
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

    private void put(int place, int weight) {
        if (head - acked == slots.length) {
            makeRoom();
        }
        slots[head++ & (slots.length - 1)] = place;
        backlog++;
        backlogBytes += weight;
    }

    private boolean addSpecial(int place) {
        LogEvent event = events.event(place);
        int weight = event.weight();
        if (event instanceof KeyedEvent keyed && weight <= maxBacklogBytes) {
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
        while (head - acked + count > slots.length) {
            makeRoom();
        }
        int index = head & (slots.length - 1);
        int first = Math.min(count, slots.length - index);
        System.arraycopy(batch.places, 0, slots, index, first);
        System.arraycopy(batch.places, first, slots, 0, count - first);
        head += count;
        backlog += count;
        backlogBytes += (int) batch.bytes;
        return true;
    }

    // --- appending without this object, see AppendWindows

    int[] slots() {
        return slots;
    }

    int head() {
        return head;
    }

    /** How many events can be appended before a bound is reached or the array has to grow. */
    int roomEvents() {
        return Math.min(maxBacklog - backlog, slots.length - (head - acked));
    }

    int roomBytes() {
        return maxBacklogBytes - backlogBytes;
    }

    /** Plain events of so many bytes were appended and are held, up to a new head. */
    void appended(int newHead, int bytes) {
        backlog += newHead - head;
        backlogBytes += bytes;
        head = newHead;
    }

    /** Reads what the next append will touch; the value has no meaning. */
    int touch() {
        return backlog + placeAt(head);
    }

    private Map<KeyedEvent.Key, Integer> index() {
        Map<KeyedEvent.Key, Integer> present = latest;
        if (present == null) {
            present = new HashMap<>();
            latest = present;
        }
        return present;
    }

    /** An older value that this connection has not been written is not needed any more. */
    private void takeAwayOlder(KeyedEvent newer) {
        Integer position = latest == null ? null : latest.get(newer.key);
        if (position != null && position - sent >= 0) {
            if (position - written >= 0) {
                events.counters.conflated++;
            }
            skip(position);
        }
    }

    /** Puts a tombstone without a number at a position. */
    private void skip(int position) {
        int index = position & (slots.length - 1);
        int place = slots[index];
        int weight = events.weight(place);
        forgetKey(place, position);
        if (position - written >= 0) {
            backlog--;
            backlogBytes -= weight;
        } else {
            replay--;
            replayBytes -= weight;
        }
        events.release(place);
        slots[index] = EventTable.SKIPPED;
        skipped++;
    }

    private int placeAt(int position) {
        return slots[position & (slots.length - 1)];
    }

    private static boolean isTombstone(int place) {
        return place <= EventTable.SPENT;
    }

    // --- writing

    boolean hasUnsent() {
        return sent + run != head;
    }

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
        if (replay > maxReplay || replayBytes > maxReplayBytes) {
            forgetTooMuch();
        }
    }

    /** Counts plain events that were taken one after the other. */
    private void endRun() {
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

    private void countWritten(int count, int bytes) {
        if (sent - written > 0) {
            written = sent;
        }
        events.counters.written += count;
        backlog -= count;
        backlogBytes -= bytes;
        replay += count;
        replayBytes += bytes;
    }

    private void advance(int weight) {
        sent++;
        if (sent - written <= 0) {
            events.counters.replayed++;
        } else {
            countWritten(1, weight);
        }
    }

    /** Forgets the oldest, a good deal at once: where they lie no other turn has been for long, so each visit is slow. */
    private void forgetTooMuch() {
        int keep = maxReplay - maxReplay / FORGET_PART;
        int keepBytes = maxReplayBytes - maxReplayBytes / FORGET_PART;
        while (replay > keep || replayBytes > keepBytes) {
            forgetPlain(keep, keepBytes);
            if (replay > keep || replayBytes > keepBytes) {
                forgetOldest();
            }
        }
    }

    /** Does what {@link #forgetOldest} would do, for plain events. */
    private void forgetPlain(int keep, int keepBytes) {
        int count = replay;
        int bytes = replayBytes;
        int at = acked;
        while (count > keep || bytes > keepBytes) {
            int place = placeAt(at);
            int cost = events.cost(place);
            if (cost < 0) {
                break;
            }
            events.release(place);
            at++;
            count--;
            bytes -= cost;
        }
        ackedSeq += at - acked;
        acked = at;
        replay = count;
        replayBytes = bytes;
    }

    private void passTombstone(int place) {
        if (place == EventTable.SPENT) { // from before a resume: its number is given again
            slots[sent & (slots.length - 1)] = EventTable.SKIPPED;
            skipped++;
            replay--;
        }
        pass();
    }

    /** Whether the time of the next event is over; then it is dropped. */
    private boolean isOver(int place, EngineClock clock) {
        if (events.event(place) instanceof ExpiringEvent expiring) {
            ephemerals--;
            if (expiring.hasExpired(clock.nanoTime())) {
                events.counters.dropped++;
                skip(sent);
                pass();
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
            slots[sent & (slots.length - 1)] = EventTable.SPENT;
            events.release(place);
            backlogBytes -= event.weight();
            advance(0);
        }
        return event;
    }

    private void pass() {
        sent++;
        if (sent - written > 0) {
            written = sent;
        }
    }

    // --- forgetting

    /** The client has everything up to a number, which must have been written. */
    void acknowledge(long seq) {
        while (ackedSeq < seq && acked != sent) {
            forgetOldest();
        }
        forgetSkipped();
    }

    /** Forgets what was written and got its place on the lane before {@code age}; answers how many events that were. */
    int forgetOlderThan(long age) {
        int before = replay;
        while (oldestAge(age) < age) {
            while (isTombstone(placeAt(acked))) {
                forgetOldest();
            }
            forgetOldest();
        }
        return before - replay;
    }

    private void forgetOldest() {
        int place = placeAt(acked);
        if (place == EventTable.SKIPPED) {
            skipped--;
        } else {
            ackedSeq++;
            replay--;
            if (place != EventTable.SPENT) {
                forgetKey(place, acked);
                replayBytes -= events.weight(place);
                events.release(place);
            }
        }
        acked++;
    }

    private void forgetKey(int place, int position) {
        if (latest != null && events.event(place) instanceof KeyedEvent keyed) {
            latest.remove(keyed.key, position);
        }
    }

    private void forgetSkipped() {
        while (acked != sent && placeAt(acked) == EventTable.SKIPPED) {
            forgetOldest();
        }
    }

    // --- coming back

    /** Number of the oldest event that a client may name as its last. */
    long ackedSeq() {
        return ackedSeq;
    }

    /**
     * The client has everything up to {@code seq}, from {@code ackedSeq} to the session's last number, and nothing after it:
     * what follows is to be written again. Older values of a key are left out if a newer one follows.
     */
    void rewind(long seq) {
        acknowledge(seq);
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
        } else if (event instanceof KeyedEvent keyed
                && latest != null
                && !Integer.valueOf(position).equals(latest.get(keyed.key))) {
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
        while (slots.length >= SHRINK_FROM && (head - acked) * 8 <= slots.length) {
            rebuild(slots.length / 4);
        }
    }

    // --- losing, with counting

    /** Drops the events that count for a moment only; answers whether there were any. */
    boolean dropEphemerals() {
        boolean found = ephemerals > 0;
        for (int position = written; ephemerals > 0; position++) {
            int place = placeAt(position);
            if (!isTombstone(place) && events.event(place) instanceof ExpiringEvent) {
                ephemerals--;
                events.counters.dropped++;
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
        dropOldest(maxBacklog - (int) (maxBacklog * part), maxBacklogBytes - (int) (maxBacklogBytes * part));
    }

    /** Drops the oldest half of the backlog. */
    void dropHalf() {
        dropOldest(maxBacklog / 2, maxBacklogBytes / 2);
    }

    /** Drops everything that this connection has not been written. */
    void dropAll() {
        dropOldest(-1, -1);
    }

    /** Drops the oldest until no more of the backlog is left, and puts a notice in the place of each guild's last. */
    private void dropOldest(int keepEvents, int keepBytes) {
        Losses losses = new Losses();
        int from = keepEvents < 0 ? sent : written;
        for (int position = from; position != head && isAbove(keepEvents, keepBytes); position++) {
            int place = placeAt(position);
            LogEvent event = isTombstone(place) ? null : events.event(place);
            if (event == null || event.isMark()) {
                continue;
            }
            if (position - written >= 0) {
                events.counters.dropped++;
            }
            skip(position);
            if (event instanceof ExpiringEvent) {
                ephemerals--;
                continue;
            }
            if (!(event instanceof GapNotice)) {
                events.counters.gaps++;
            }
            losses.add(position, event);
        }
        losses.forEach(this::tell);
        while (sent != head && placeAt(sent) == EventTable.SKIPPED) {
            pass();
        }
        forgetSkipped();
    }

    private boolean isAbove(int keepEvents, int keepBytes) {
        return backlog > keepEvents || backlogBytes > keepBytes;
    }

    private void tell(GapNotice notice, int position) {
        slots[position & (slots.length - 1)] = events.take(notice);
        skipped--;
        if (position - written >= 0) {
            backlog++;
            backlogBytes += notice.weight();
            events.counters.delivered++;
        } else {
            replay++;
            replayBytes += notice.weight();
        }
    }

    /** Drops everything; answers how many events were never written. */
    int clear() {
        int dropped = backlog;
        for (; acked != head; acked++) {
            int place = placeAt(acked);
            if (!isTombstone(place)) {
                events.release(place);
            }
        }
        if (slots.length > FIRST_CAPACITY) {
            resize(new int[FIRST_CAPACITY]);
        }
        sent = head;
        written = head;
        backlog = 0;
        backlogBytes = 0;
        replay = 0;
        replayBytes = 0;
        skipped = 0;
        ephemerals = 0;
        latest = null;
        return dropped;
    }

    // --- what it holds

    /** Events that were never written. */
    int backlog() {
        return backlog;
    }

    int backlogBytes() {
        return backlogBytes;
    }

    /** Whether the session needs no ring: this one holds nothing and may take something. */
    boolean isEmpty() {
        return acked == head && maxBacklog > 0;
    }

    /** Bytes of what this connection has not been written: the backlog, and what is written again. */
    long unsentBytes() {
        long bytes = backlogBytes;
        for (int position = sent; position - written < 0; position++) {
            bytes += events.weight(placeAt(position));
        }
        return bytes;
    }

    /** When the oldest event that was written got its place on the lane, or {@code none} if there is none. */
    long oldestAge(long none) {
        for (int position = acked; position != sent; position++) {
            if (!isTombstone(placeAt(position))) {
                return events.age(placeAt(position));
            }
        }
        return none;
    }

    // --- space

    /** Whether the ring has its first size, so that a pool of such rings stays small. */
    boolean isSmall() {
        return slots.length == FIRST_CAPACITY;
    }

    /** The ring is given up, or handed to another lane. */
    void discard() {
        events.addRingBytes(-bytes());
    }

    private int bytes() {
        return RING_BYTES + slots.length * SLOT_BYTES;
    }

    private void makeRoom() {
        rebuild(skipped * 2 >= slots.length ? slots.length : slots.length * 2);
    }

    /** Moves everything but skipped places into a new array. */
    private void rebuild(int capacity) {
        int[] next = new int[capacity];
        int count = 0;
        int newSent = 0;
        int newWritten = 0;
        for (int position = acked; position != head; position++) {
            int place = placeAt(position);
            if (place == EventTable.SKIPPED) {
                continue;
            }
            if (latest != null && !isTombstone(place) && events.event(place) instanceof KeyedEvent keyed) {
                latest.replace(keyed.key, position, count);
            }
            next[count++] = place;
            newSent = position - sent < 0 ? count : newSent;
            newWritten = position - written < 0 ? count : newWritten;
        }
        resize(next);
        acked = 0;
        sent = newSent;
        written = newWritten;
        head = count;
        skipped = 0;
    }

    private void resize(int[] next) {
        events.addRingBytes((long) (next.length - slots.length) * SLOT_BYTES);
        slots = next;
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
        rebuild(slots.length);
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
        return "SessionRing[replay=" + replay + ", backlog=" + backlog + ", " + slots.length + " slots]";
    }
}
