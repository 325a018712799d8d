package dev.guildhall.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a lane counts. The running lane changes the plain fields; {@link #publish} copies them, once per turn, to an array that
 * anybody may read with opaque loads. So counting costs an add and reading never disturbs the lane.
 */
final class LaneCounters {
    private static final VarHandle PUBLISHED = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int OPENED = 0;
    private static final int CLOSED = 1;
    private static final int DELIVERED = 2;
    private static final int WRITTEN = 3;
    private static final int DROPPED = 4;
    private static final int GAPS = 5;
    private static final int SUBSCRIBER_FAILURES = 6;
    private static final int LONGEST_TURN = 7;
    private static final int LENGTH = 8;

    long opened;
    long closed;
    long delivered;
    long written;
    long dropped;
    long gaps;
    long subscriberFailures;
    private long longestTurnNanos;

    private final long[] published = new long[LENGTH];

    /** Deliveries that are in rings; lane only. */
    long pending() {
        return delivered - written - dropped;
    }

    /** Sessions that have a slot; exact on the lane, an estimate elsewhere. */
    long openSessions() {
        return opened - closed;
    }

    void turnTook(long nanos) {
        longestTurnNanos = Math.max(longestTurnNanos, nanos);
    }

    void publish() {
        set(OPENED, opened);
        set(CLOSED, closed);
        set(DELIVERED, delivered);
        set(WRITTEN, written);
        set(DROPPED, dropped);
        set(GAPS, gaps);
        set(SUBSCRIBER_FAILURES, subscriberFailures);
        set(LONGEST_TURN, longestTurnNanos);
    }

    /** Adds what was published to a sum over lanes; of the longest turns, the longest. */
    void addTo(Sum sum) {
        sum.opened += get(OPENED);
        sum.closed += get(CLOSED);
        sum.delivered += get(DELIVERED);
        sum.written += get(WRITTEN);
        sum.dropped += get(DROPPED);
        sum.gaps += get(GAPS);
        sum.subscriberFailures += get(SUBSCRIBER_FAILURES);
        sum.longestTurnNanos = Math.max(sum.longestTurnNanos, get(LONGEST_TURN));
    }

    private void set(int index, long value) {
        PUBLISHED.setOpaque(published, index, value);
    }

    private long get(int index) {
        return (long) PUBLISHED.getOpaque(published, index);
    }

    /** A sum over lanes. */
    static final class Sum {
        long opened;
        long closed;
        long delivered;
        long written;
        long dropped;
        long gaps;
        long subscriberFailures;
        long longestTurnNanos;
    }
}
