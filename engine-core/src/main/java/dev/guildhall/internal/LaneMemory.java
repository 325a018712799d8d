package dev.guildhall.internal;

/**
 * How many bytes a lane's sessions hold: their rings, and the events in these, each counted once however many sessions hold it.
 *
 * <p>The lane counts an event when it has appended it to the rings it goes to, into the present <em>block</em>; a block is
 * closed when it holds {@value #BLOCK_BYTES} bytes. A ring remembers a block that is not later than that of its oldest event.
 * When no ring remembers a block or one before it, nobody holds its events any more and its bytes are taken off. So nothing is
 * counted for a delivery. One ring with an old event keeps all later blocks counted, so there is a second figure, which is not
 * right for shared events: what the rings hold, each for itself, when they were last looked at, and what was counted since. Both
 * are too large rather than too small, and the smaller one counts. Lane only.
 */
final class LaneMemory {
    static final int BLOCK_BYTES = 64 * 1024;

    private static final int FIRST_BLOCKS = 16;

    final LaneCounters counters;

    /** Bytes of the blocks {@code first} to {@code block - 1}, at their number modulo the length. */
    private long[] closed = new long[FIRST_BLOCKS];

    private int first;
    private int block;
    private long inBlock;
    private long eventBytes;
    private long bytesOfEachRing = Long.MAX_VALUE / 2;
    private long ringBytes;

    LaneMemory(LaneCounters counters) {
        this.counters = counters;
    }

    /** Number of the present block; compare by difference. */
    int block() {
        return block;
    }

    /** Counts an event that was appended to one ring or more. */
    void retain(long bytes) {
        eventBytes += bytes;
        bytesOfEachRing += bytes;
        inBlock += bytes;
        if (inBlock >= BLOCK_BYTES) {
            closeBlock();
        }
    }

    private void closeBlock() {
        if (block - first == closed.length) {
            long[] larger = new long[closed.length * 2];
            for (int i = first; i != block; i++) {
                larger[i & (larger.length - 1)] = closed[i & (closed.length - 1)];
            }
            closed = larger;
        }
        closed[block++ & (closed.length - 1)] = inBlock;
        inBlock = 0;
    }

    /**
     * The rings were looked at.
     *
     * @param oldest no ring remembers a block before this one
     * @param bytes of the events in each ring, shared ones counted for each
     */
    void release(int oldest, long bytes) {
        bytesOfEachRing = bytes;
        while (first - oldest < 0 && first != block) {
            eventBytes -= closed[first++ & (closed.length - 1)];
        }
    }

    /** No ring holds anything. */
    void releaseAll() {
        block++; // so that nothing of the old block counts as counted
        first = block;
        eventBytes = 0;
        bytesOfEachRing = 0;
        inBlock = 0;
    }

    /** The block up to which the oldest ones hold at least so many bytes. */
    int blockAfter(long bytes) {
        int at = first;
        for (long sum = 0; at != block && sum < bytes; at++) {
            sum += closed[at & (closed.length - 1)];
        }
        return at;
    }

    /** A ring was made, grew, shrank or was given up. */
    void addRingBytes(long bytes) {
        ringBytes += bytes;
    }

    long bytes() {
        return Math.min(eventBytes, bytesOfEachRing) + ringBytes;
    }

    @Override
    public String toString() {
        return "LaneMemory[" + (bytes() - ringBytes) + " bytes of events, " + ringBytes + " of rings]";
    }
}
