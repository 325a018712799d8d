package dev.guildhall.internal;

import dev.guildhall.LaneStats;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a lane counts. The running lane changes the plain fields; {@link #publish} copies them, once per turn, to an array that
 * anybody may read with opaque loads. So counting costs an add and reading never disturbs the lane.
 *
 * <p>Not linearizable: a sum over lanes has addends of different moments, and one lane's counters may be of two turns.
 */
final class LaneCounters {
    private static final VarHandle PUBLISHED = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int OPENED = 0;
    private static final int CLOSED = 1;
    private static final int DELIVERED = 2;
    private static final int WRITTEN = 3;
    private static final int DROPPED = 4;
    private static final int CONFLATED = 5;
    private static final int GAPS = 6;
    private static final int REPLAYED = 7;
    private static final int DETACHED = 8;
    private static final int RESUMED = 9;
    private static final int RESUMES_REFUSED = 10;
    private static final int TRIMMED_FOR_BUDGET = 11;
    private static final int OVER_BUDGET = 12;
    private static final int SUBSCRIBER_FAILURES = 13;
    private static final int LONGEST_TURN = 14;
    private static final int RETAINED_BYTES = 15;
    private static final int SESSIONS = 16;
    private static final int READY_GUILDS = 17;
    private static final int READY_SESSIONS = 18;
    private static final int TURNS = 19;
    private static final int LENGTH = 20;

    long opened;
    long closed;
    long delivered;
    long written;
    long dropped;
    long conflated;
    long gaps;
    long replayed;
    long detached;
    long resumed;
    long resumesRefused;
    long trimmedForBudget;
    long overBudget;
    long subscriberFailures;
    private long longestTurnNanos;
    private long turns;
    private int readyGuilds;
    private int readySessions;

    /** Sessions and undelivered events that came from other lanes, minus those that went there. */
    private long sessionsMoved;

    private long pendingMoved;

    private final long[] published = new long[LENGTH];

    /** Deliveries that are in rings; lane only. */
    long pending() {
        return delivered + pendingMoved - written - dropped - conflated;
    }

    /** Sessions that have a slot; exact on the lane, an estimate elsewhere. */
    long openSessions() {
        return opened + sessionsMoved - closed;
    }

    void movedIn(long pending) {
        sessionsMoved++;
        pendingMoved += pending;
    }

    void movedOut(long pending) {
        sessionsMoved--;
        pendingMoved -= pending;
    }

    void turnTook(long nanos) {
        longestTurnNanos = Math.max(longestTurnNanos, nanos);
        turns++;
    }

    /** What the turn has left to do. */
    void turnLeft(int guilds, int sessions) {
        readyGuilds = guilds;
        readySessions = sessions;
    }

    void publish(long retainedBytes) {
        set(OPENED, opened);
        set(CLOSED, closed);
        set(DELIVERED, delivered);
        set(WRITTEN, written);
        set(DROPPED, dropped);
        set(CONFLATED, conflated);
        set(GAPS, gaps);
        set(REPLAYED, replayed);
        set(DETACHED, detached);
        set(RESUMED, resumed);
        set(RESUMES_REFUSED, resumesRefused);
        set(TRIMMED_FOR_BUDGET, trimmedForBudget);
        set(OVER_BUDGET, overBudget);
        set(SUBSCRIBER_FAILURES, subscriberFailures);
        set(LONGEST_TURN, longestTurnNanos);
        set(RETAINED_BYTES, retainedBytes);
        set(SESSIONS, openSessions());
        set(READY_GUILDS, readyGuilds);
        set(READY_SESSIONS, readySessions);
        set(TURNS, turns);
    }

    /** What was published last, and the marks that wait now. */
    LaneStats stats(int lane, int waitingMarks) {
        return new LaneStats(
                lane,
                get(SESSIONS),
                (int) get(READY_GUILDS),
                (int) get(READY_SESSIONS),
                waitingMarks,
                get(TURNS),
                get(DELIVERED),
                get(WRITTEN),
                get(RETAINED_BYTES),
                get(LONGEST_TURN));
    }

    long retainedBytes() {
        return get(RETAINED_BYTES);
    }

    /** Adds what was published to a sum over lanes; of the longest turns, the longest. */
    void addTo(Sum sum) {
        sum.opened += get(OPENED);
        sum.closed += get(CLOSED);
        sum.delivered += get(DELIVERED);
        sum.written += get(WRITTEN);
        sum.dropped += get(DROPPED);
        sum.conflated += get(CONFLATED);
        sum.gaps += get(GAPS);
        sum.replayed += get(REPLAYED);
        sum.detached += get(DETACHED);
        sum.resumed += get(RESUMED);
        sum.resumesRefused += get(RESUMES_REFUSED);
        sum.trimmedForBudget += get(TRIMMED_FOR_BUDGET);
        sum.overBudget += get(OVER_BUDGET);
        sum.subscriberFailures += get(SUBSCRIBER_FAILURES);
        sum.longestTurnNanos = Math.max(sum.longestTurnNanos, get(LONGEST_TURN));
        sum.retainedBytes += get(RETAINED_BYTES);
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
        long conflated;
        long gaps;
        long replayed;
        long detached;
        long resumed;
        long resumesRefused;
        long trimmedForBudget;
        long overBudget;
        long subscriberFailures;
        long longestTurnNanos;
        long retainedBytes;
    }
}
