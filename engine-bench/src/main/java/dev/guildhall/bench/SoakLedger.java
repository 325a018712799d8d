package dev.guildhall.bench;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was published in one guild: its events are numbered from 0 on, without a hole, and each has its offset. It remembers the
 * last {@value #REMEMBERED}, in memory that is there from the beginning. One thread records; any thread reads.
 */
final class SoakLedger {
    static final int REMEMBERED = 1 << 16;

    /** Stands for the offset of an event that is no longer remembered. */
    static final long FORGOTTEN = -1;

    private final AtomicLongArray offsets = new AtomicLongArray(REMEMBERED);
    private final AtomicLong published = new AtomicLong();

    /** Records the next event. */
    void record(long offset) {
        long number = published.getPlain();
        offsets.set(index(number), offset);
        published.setRelease(number + 1);
    }

    /** Number of events. */
    long published() {
        return published.getAcquire();
    }

    /** The offset of an event, or {@link #FORGOTTEN}. */
    long offset(long number) {
        long offset = offsets.get(index(number));
        return number < published() - REMEMBERED + 1 ? FORGOTTEN : offset;
    }

    /** The first event that a subscription with this first offset is due; the next one if none is there yet. */
    long firstFrom(long firstOffset) {
        long number = published();
        long oldest = Math.max(0, number - REMEMBERED + 1);
        while (number > oldest && offsets.get(index(number - 1)) >= firstOffset) {
            number--;
        }
        return number;
    }

    private static int index(long number) {
        return (int) (number & REMEMBERED - 1);
    }
}
