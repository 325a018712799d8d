package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import dev.guildhall.SessionOptions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a session is still to be written and what it was written but may have to be written again: references to shared events,
 * in order, with marks between them. It is the only queue between a lane and a connection.
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
    private static final LogEvent SKIPPED = LogEvent.mark("SKIPPED", new byte[0]);
    private static final LogEvent SPENT = LogEvent.mark("SPENT", new byte[0]);

    private final LaneMemory memory;
    private @Nullable LocalSession session;
    private @Nullable LogEvent[] slots = new LogEvent[FIRST_CAPACITY];

    // In the order of their use, so that an append and a write touch one line.
    private int head;
    private int acked;
    private int backlog;
    private int backlogBytes;
    private int maxBacklog;
    private int maxBacklogBytes;
    private int sent;
    private int written;
    private int replay;
    private int replayBytes;
    private int maxReplay;
    private int maxReplayBytes;
    private long ackedSeq;

    private int skipped;
    private int ephemerals;
    private boolean relaxed;

    /** Not later than the block of the oldest event, and the same for events from a position on. */
    private int oldestBlock;

    private int checkedPosition;
    private int checkedBlock;

    /** Position of the newest event of each key; null as long as no event has one. */
    private @Nullable Map<KeyedEvent.Key, Integer> latest;

    SessionRing(LaneMemory memory) {
        this.memory = memory;
        memory.addRingBytes(bytes());
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
        oldestBlock = memory.block();
        checkedBlock = oldestBlock;
        checkedPosition = head;
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

    /** Appends, or answers false if a bound of the backlog is reached. */
    boolean add(LogEvent event) {
        int cost = event.cost;
        if (cost < 0) {
            return addSpecial(event);
        }
        if (backlog >= maxBacklog || backlogBytes + cost > maxBacklogBytes) {
            return false;
        }
        put(event, cost);
        return true;
    }

    /** Appends whatever the bounds say: that a client was resumed, or that what was dropped is told of. */
    void addNotice(LogEvent notice) {
        put(notice, notice.weight());
    }

    private void put(LogEvent event, int weight) {
        if (head - acked == slots.length) {
            makeRoom();
        }
        slots[head++ & (slots.length - 1)] = event;
        backlog++;
        backlogBytes += weight;
    }

    private boolean addSpecial(LogEvent event) {
        int weight = event.weight();
        if (event instanceof KeyedEvent keyed && weight <= maxBacklogBytes) {
            takeAwayOlder(keyed);
        }
        if (backlog >= maxBacklog || backlogBytes + weight > maxBacklogBytes) {
            return false;
        }
        put(event, weight);
        if (event instanceof KeyedEvent keyed) {
            index().put(keyed.key, head - 1);
        } else if (event instanceof ExpiringEvent) {
            ephemerals++;
        }
        return true;
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
                memory.counters.conflated++;
            }
            skip(position);
        }
    }

    /** Puts a tombstone without a number at a position. */
    private void skip(int position) {
        int index = position & (slots.length - 1);
        LogEvent event = at(index);
        int weight = event.weight();
        if (event instanceof KeyedEvent keyed && latest != null) {
            latest.remove(keyed.key, position);
        }
        if (position - written >= 0) {
            backlog--;
            backlogBytes -= weight;
        } else {
            replay--;
            replayBytes -= weight;
        }
        slots[index] = SKIPPED;
        skipped++;
    }

    private LogEvent at(int index) {
        return Objects.requireNonNull(slots[index], "an empty place between the marks");
    }

    // --- writing

    boolean hasUnsent() {
        return sent != head;
    }

    /** The next event to write, which gets a number, or null if there is none. */
    @Nullable
    LogEvent next(EngineClock clock) {
        while (sent != head) {
            LogEvent event = at(sent & (slots.length - 1));
            if (event.cost > 0) {
                advance(event.cost);
                return event;
            }
            if (!passSpecial(event, clock)) {
                return event;
            }
        }
        return null;
    }

    private void advance(int weight) {
        sent++;
        if (sent - written <= 0) {
            memory.counters.replayed++;
            return;
        }
        written = sent;
        memory.counters.written++;
        backlog--;
        backlogBytes -= weight;
        replay++;
        replayBytes += weight;
        while (replay > maxReplay || replayBytes > maxReplayBytes) {
            forgetOldest();
        }
    }

    /** Goes past an event that is not written, or that is not kept as it is; answers whether it went without writing. */
    private boolean passSpecial(LogEvent event, EngineClock clock) {
        if (event == SPENT) { // from before a resume: its number is given again
            skipped++;
            replay--;
            slots[sent & (slots.length - 1)] = SKIPPED;
            pass();
            return true;
        }
        if (event == SKIPPED) {
            pass();
            return true;
        }
        if (event instanceof KeyedEvent) {
            advance(event.weight());
            return false;
        }
        if (event instanceof ExpiringEvent expiring) {
            ephemerals--;
            if (expiring.hasExpired(clock.nanoTime())) {
                memory.counters.dropped++;
                skip(sent);
                pass();
                return true;
            }
        }
        slots[sent & (slots.length - 1)] = SPENT;
        backlogBytes -= event.weight();
        advance(0);
        return false;
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

    /** Forgets everything written; answers how many events that were. */
    int forgetReplay() {
        int before = replay;
        while (acked != sent) {
            forgetOldest();
        }
        return before - replay;
    }

    private void forgetOldest() {
        int index = acked & (slots.length - 1);
        LogEvent event = at(index);
        slots[index] = null;
        if (event == SKIPPED) {
            skipped--;
        } else {
            ackedSeq++;
            replay--;
            if (event != SPENT) {
                replayBytes -= event.weight();
                if (event instanceof KeyedEvent keyed && latest != null) {
                    latest.remove(keyed.key, acked);
                }
            }
        }
        acked++;
        if (acked - checkedPosition >= 0) {
            oldestBlock = checkedBlock;
            checkedPosition = head;
            checkedBlock = memory.block();
        }
    }

    private void forgetSkipped() {
        while (acked != sent && slots[acked & (slots.length - 1)] == SKIPPED) {
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
            LogEvent event = at(position & (slots.length - 1));
            if (event.cost < 0 && isObsolete(event, position)) {
                if (event.isMark()) {
                    memory.counters.dropped++;
                }
                skip(position);
            }
        }
    }

    private boolean isObsolete(LogEvent event, int position) {
        return (event.isMark() && event != SKIPPED && event != SPENT)
                || (event instanceof KeyedEvent keyed
                        && latest != null
                        && !Integer.valueOf(position).equals(latest.get(keyed.key)));
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
        if (slots.length >= SHRINK_FROM && (head - acked) * 8 <= slots.length) {
            rebuild(slots.length / 4);
        }
    }

    // --- losing, with counting

    /** Drops the events that count for a moment only; answers whether there were any. */
    boolean dropEphemerals() {
        boolean found = ephemerals > 0;
        for (int position = written; ephemerals > 0; position++) {
            if (at(position & (slots.length - 1)) instanceof ExpiringEvent) {
                ephemerals--;
                memory.counters.dropped++;
                skip(position);
            }
        }
        return found;
    }

    /**
     * Drops the oldest of the backlog until no more than so many quarters of its bounds are left, and puts a notice in the place of
     * each guild's last.
     */
    void dropOldest(int keepQuarters) {
        int keepEvents = maxBacklog / 4 * keepQuarters;
        int keepBytes = maxBacklogBytes / 4 * keepQuarters;
        Map<Incarnation, Loss> losses = new LinkedHashMap<>();
        for (int position = written; position != head && isAbove(keepEvents, keepBytes); position++) {
            LogEvent event = at(position & (slots.length - 1));
            if (!event.isMark()) {
                drop(position, event, losses);
            }
        }
        losses.values().forEach(this::tell);
        while (sent != head && slots[sent & (slots.length - 1)] == SKIPPED) {
            pass();
        }
        forgetSkipped();
    }

    private boolean isAbove(int keepEvents, int keepBytes) {
        return backlog > keepEvents || backlogBytes > keepBytes;
    }

    private void drop(int position, LogEvent event, Map<Incarnation, Loss> losses) {
        memory.counters.dropped++;
        skip(position);
        if (event instanceof ExpiringEvent) {
            ephemerals--;
            return;
        }
        if (!(event instanceof GapNotice)) {
            memory.counters.gaps++;
        }
        Loss before = losses.get(event.incarnation());
        GapNotice notice = before == null ? GapNotice.of(event) : before.notice.with(event);
        losses.put(event.incarnation(), new Loss(position, notice));
    }

    private record Loss(int position, GapNotice notice) {}

    private void tell(Loss loss) {
        slots[loss.position & (slots.length - 1)] = loss.notice;
        skipped--;
        backlog++;
        backlogBytes += loss.notice.weight();
        memory.counters.delivered++;
        memory.retain(loss.notice.weight());
    }

    /** Drops everything; answers how many events were never written. */
    int clear() {
        int dropped = backlog;
        while (acked != head) {
            slots[acked++ & (slots.length - 1)] = null;
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

    /** Whether it holds nothing, so that the session needs no ring. */
    boolean isEmpty() {
        return acked == head;
    }

    /** Bytes of all events in the ring. */
    long eventBytes() {
        return (long) backlogBytes + replayBytes;
    }

    /** A block of the lane's memory that is not later than that of any event in the ring. */
    int oldestBlock() {
        return oldestBlock;
    }

    // --- space

    /** Whether the ring has its first size, so that a pool of such rings stays small. */
    boolean isSmall() {
        return slots.length == FIRST_CAPACITY;
    }

    /** Counts what is in the ring in the present block, so that it does not keep those since the old one counted. */
    void countAnew() {
        oldestBlock = memory.block();
        checkedBlock = oldestBlock;
        checkedPosition = head;
        memory.retain(eventBytes()); // which may begin the next block
    }

    /** The ring is given up, or handed to another lane. */
    void discard() {
        memory.addRingBytes(-bytes());
    }

    private int bytes() {
        return RING_BYTES + slots.length * SLOT_BYTES;
    }

    private void makeRoom() {
        rebuild(skipped * 2 >= slots.length ? slots.length : slots.length * 2);
    }

    /** Moves everything but skipped places into a new array. */
    private void rebuild(int capacity) {
        @Nullable LogEvent[] next = new LogEvent[capacity];
        int count = 0;
        int newSent = 0;
        int newWritten = 0;
        int newChecked = 0;
        for (int position = acked; position != head; position++) {
            LogEvent event = at(position & (slots.length - 1));
            if (event == SKIPPED) {
                continue;
            }
            if (event instanceof KeyedEvent keyed && latest != null) {
                latest.replace(keyed.key, position, count);
            }
            next[count++] = event;
            newSent = position - sent < 0 ? count : newSent;
            newWritten = position - written < 0 ? count : newWritten;
            newChecked = position - checkedPosition < 0 ? count : newChecked;
        }
        memory.addRingBytes((long) (capacity - slots.length) * SLOT_BYTES);
        slots = next;
        acked = 0;
        sent = newSent;
        written = newWritten;
        checkedPosition = newChecked;
        head = count;
        skipped = 0;
    }

    /** Moves the content into an empty ring of another lane and leaves this one empty. Answers the bytes of its events. */
    long moveInto(SessionRing other) {
        other.resize(slots.length);
        for (int position = acked; position != head; position++) {
            int index = position & (slots.length - 1);
            other.slots[index] = slots[index];
        }
        other.head = head;
        other.acked = acked;
        other.sent = sent;
        other.written = written;
        other.backlog = backlog;
        other.backlogBytes = backlogBytes;
        other.replay = replay;
        other.replayBytes = replayBytes;
        other.maxBacklog = maxBacklog;
        other.maxBacklogBytes = maxBacklogBytes;
        other.relaxed = relaxed;
        other.ackedSeq = ackedSeq;
        other.skipped = skipped;
        other.ephemerals = ephemerals;
        other.latest = latest;
        other.checkedPosition = head;
        long bytes = eventBytes();
        clear();
        return bytes;
    }

    private void resize(int capacity) {
        memory.addRingBytes((long) (capacity - slots.length) * SLOT_BYTES);
        slots = new LogEvent[capacity];
    }

    @Override
    public String toString() {
        return "SessionRing[replay=" + replay + ", backlog=" + backlog + ", " + slots.length + " slots]";
    }
}
