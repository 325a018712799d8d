package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import dev.guildhall.Event;
import dev.guildhall.History;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A guild's events in order: a bounded ring of references that many threads append to and each slice reads with a cursor of
 * its own.
 *
 * <p><b>Appending.</b> A publisher claims an offset by CAS and then stores its entry; between the two it neither
 * allocates nor calls anything that may throw, so a claimed slot is always filled. It never uses getAndAdd, which could not be
 * taken back when the ring is full. Claim and store are not one step: a reader may find a later slot filled before an earlier
 * one. It then stops at the gap, and the publisher of the missing entry marks the reader's lane after its store.
 *
 * <p><b>Reading.</b> An entry knows its offset, so a slot that still holds an entry of an earlier lap reads as empty and one
 * that holds an entry of a later lap shows that the reader was lapped.
 *
 * <p><b>Room.</b> The log is full when claim minus the smallest cursor of a gating slice equals the capacity. Publishers
 * compare with {@code limit}, a cached smallest cursor plus the capacity, and look at the cursors only when they reach it. A
 * cached value is never too large: cursors only grow, and a slice that joins reads its first cursor from the claim after it
 * became visible, which is not before any claim that a publisher read earlier without seeing it. With no slice the log runs
 * free. A slice that has not moved for {@code stallNanos} while the log was full is lapped: it stops gating and has to
 * {@linkplain Slice resynchronise}.
 *
 * <p><b>Growth.</b> The ring is a directory of 64-slot chunks. A chunk is installed, by CAS and before the claim, when the first
 * offset in it is about to be claimed; nothing is ever copied. Chunks stay and are overwritten lap after lap.
 *
 * <p><b>Closing</b> sets the claim's sign bit by CAS: no claim succeeds afterwards and the end of the log is known.
 *
 * <p>Memory order: {@code claim} volatile CAS; slots CAS and acquire; cursors release by their lane, acquire here;
 * {@code limit} opaque, any stale value is only too small. Claiming a bounded sequence against cached consumer positions is how
 * the Disruptor and Aeron's publications do it; entries that carry their own offset replace a second availability array.
 *
 * <p><b>Proofs</b> (jcstress, {@code GuildLogProof}): each claim has an offset of its own and none is left empty, a gating slice is never
 * overtaken, also one that joins, and nothing is claimed after the end. Not linearizable: {@code backlog}, {@code history}, and FULL,
 * which may be said of a log that has got room meanwhile.
 */
final class GuildLog {
    /** Answers of {@link #claim()} that are not offsets. */
    static final long FULL = -1;

    static final long CLOSED = -2;

    private static final int CHUNK_BITS = 6;
    private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
    private static final Slice[] NO_SLICES = {};

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(Object[][].class);
    private static final VarHandle SLICES;

    static {
        try {
            SLICES = MethodHandles.lookup().findVarHandle(GuildLog.class, "slices", Slice[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final EngineClock clock;
    private final long stallNanos;
    private final Object[][] chunks;
    private final PaddedCounter claim = new PaddedCounter();
    private final PaddedCounter limit = new PaddedCounter();
    private final Waiters waiters = new Waiters();
    private final DeliveryCounts counts;
    private volatile Slice[] slices = NO_SLICES;

    GuildLog(int capacity, EngineClock clock, long stallNanos, Executor counting) {
        this.counts = new DeliveryCounts(counting);
        this.capacity = capacity;
        this.clock = clock;
        this.stallNanos = stallNanos;
        this.chunks = new Object[capacity >>> CHUNK_BITS][];
        limit.setOpaque(capacity);
    }

    /** Claims the next offset, which the caller must fill at once, or answers FULL or CLOSED. */
    long claim() {
        while (true) {
            long next = claim.getVolatile();
            if (next < 0) {
                return CLOSED;
            }
            if (next >= limit.getOpaque() && !raiseLimit(next)) {
                return FULL;
            }
            ensureChunk(next);
            if (claim.compareAndSet(next, next + 1)) {
                return next;
            }
            Thread.onSpinWait();
        }
    }

    /**
     * Fills a claimed slot. The caller then marks the lanes. A publisher that was held up between claim and store for so long
     * that a free-running log has lapped it leaves the later entry in place; no reader waits for its own any more.
     */
    void store(long offset, Object entry) {
        Object[] chunk = (Object[]) CHUNK.getAcquire(chunks, chunkOf(offset));
        int index = (int) offset & (CHUNK_SIZE - 1);
        Object present;
        do {
            present = ENTRY.getAcquire(chunk, index);
            if (present != null && offsetOf(present) > offset) {
                return;
            }
        } while (!ENTRY.compareAndSet(chunk, index, present, entry));
    }

    /** The offset that an entry was stored at. */
    static long offsetOf(Object entry) {
        return entry instanceof LogEvent event ? event.offset : ((Control) entry).offset;
    }

    /** The slot's content, which may be of an earlier or later lap, or null. */
    @Nullable
    Object read(long offset) {
        Object[] chunk = (Object[]) CHUNK.getAcquire(chunks, chunkOf(offset));
        return chunk == null ? null : ENTRY.getAcquire(chunk, (int) offset & (CHUNK_SIZE - 1));
    }

    /** Whether the entry of exactly this offset can be read. */
    boolean isPresent(long offset) {
        Object entry = read(offset);
        return entry != null && offsetOf(entry) == offset;
    }

    /** The offset the next claim gets, or would have got. */
    long end() {
        return claim.getVolatile() & Long.MAX_VALUE;
    }

    boolean isClosed() {
        return claim.getVolatile() < 0;
    }

    void close() {
        long next = claim.getVolatile();
        while (next >= 0 && !claim.compareAndSet(next, next | Long.MIN_VALUE)) {
            next = claim.getVolatile();
        }
        waiters.wakeAll();
    }

    /** Closes the log if its end is still where the caller has seen it. */
    boolean tryClose(long seenEnd) {
        return claim.compareAndSet(seenEnd, seenEnd | Long.MIN_VALUE);
    }

    /** Entries that the slowest slice which holds the log up has not passed. */
    long backlog() {
        long end = end();
        return end - smallestCursor(end);
    }

    int capacity() {
        return capacity;
    }

    /** Makes the slice gate and gives it its first cursor. Called by one thread, before a lane can see the slice. */
    void register(Slice slice) {
        slice.cursor.setVolatile(end());
        Slice[] present;
        Slice[] next;
        do {
            present = slices;
            next = Arrays.copyOf(present, present.length + 1);
            next[present.length] = slice;
        } while (!SLICES.compareAndSet(this, present, next));
        slice.cursor.setVolatile(end());
    }

    /** Takes a slice out; it no longer gates. */
    void deregister(Slice slice) {
        Slice[] present;
        Slice[] next;
        do {
            present = slices;
            next = Arrays.stream(present).filter(other -> other != slice).toArray(Slice[]::new);
        } while (!SLICES.compareAndSet(this, present, next));
        waiters.wakeAll();
        cursorMoved();
    }

    /** Waits until there may be room, the log is closed, or a short time is over. */
    void awaitRoom() {
        waiters.await(() -> !isClosed() && end() - smallestCursor(end()) >= capacity);
    }

    /**
     * Called by a lane after it moved a cursor. Waiters are woken only when a quarter of the ring is free: to wake one for each
     * freed slot would cost more than the slot.
     */
    void cursorMoved() {
        VarHandle.fullFence();
        if (!waiters.isEmpty()) {
            long end = end();
            if (end - smallestCursor(end) <= capacity - (capacity >>> 2)) {
                waiters.wakeAll();
            }
        }
        if (counts.isWatching()) {
            counts.passed(smallestCursor(end()));
        }
    }

    DeliveryCounts counts() {
        return counts;
    }

    // --- history

    /** The events from an offset on, as far as there are any that can be read, at most so many. */
    History history(long epoch, long from, int maxEvents) {
        long end = end();
        if (from > end) {
            return new History.Ahead(end);
        }
        List<Event> events = new ArrayList<>();
        long at = from;
        while (at < end && events.size() < maxEvents) {
            Object entry = read(at);
            long offset = entry == null ? -1 : offsetOf(entry);
            if (offset > at || (offset < at && at < end - capacity)) {
                return new History.Trimmed(Math.max(0, end() - capacity));
            }
            if (offset < at) {
                break; // its publisher is about to fill it
            }
            if (entry instanceof LogEvent event) {
                events.add(event);
            }
            at++;
        }
        return new History.Events(epoch, events, at);
    }

    private boolean raiseLimit(long next) {
        long raised = smallestCursor(next) + capacity;
        if (next >= raised) {
            lapStalledSlices(next, clock.nanoTime());
            raised = smallestCursor(next) + capacity;
        }
        limit.setOpaque(raised);
        return next < raised;
    }

    /** Smallest cursor of the gating slices; {@code end}, read by the caller before, if there are none. */
    private long smallestCursor(long end) {
        long smallest = end;
        for (Slice slice : slices) {
            if (!slice.lapped) {
                smallest = Math.min(smallest, slice.cursor.getVolatile());
            }
        }
        return smallest;
    }

    /** Each slice with something to read has its own time, so several stuck at different places are lapped together. */
    private void lapStalledSlices(long end, long nowNanos) {
        for (Slice slice : slices) {
            long position = slice.cursor.getVolatile();
            if (position < end && slice.hasStalled(position, nowNanos, stallNanos)) {
                slice.lapped = true;
            }
        }
    }

    private int chunkOf(long offset) {
        return (int) (offset >>> CHUNK_BITS) & (chunks.length - 1);
    }

    private void ensureChunk(long offset) {
        int index = chunkOf(offset);
        if (CHUNK.getAcquire(chunks, index) == null) {
            CHUNK.compareAndSet(chunks, index, null, new Object[CHUNK_SIZE]);
        }
    }

    @Override
    public String toString() {
        return "GuildLog[end=" + end() + ", capacity=" + capacity + ", slices=" + slices.length + "]";
    }
}
