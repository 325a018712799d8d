package dev.guildhall.bench.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * How the time at which a publish was due is written into it and found again: as decimal digits behind a known text. Times in here are
 * those of {@link System#nanoTime}, which all processes of a machine share; for servers and publishers elsewhere there are the digits
 * of the time of day. Immutable.
 */
final class Stamp {
    static final long NONE = Long.MIN_VALUE;
    private static final int MOST_DIGITS = 19;
    private static final int BASE = 10;

    /** Whose zero the digits count from. */
    enum Clock {
        MONOTONIC,
        EPOCH
    }

    /** What the digits count. */
    enum Unit {
        NANOS(1),
        MICROS(TimeUnit.MICROSECONDS.toNanos(1)),
        MILLIS(TimeUnit.MILLISECONDS.toNanos(1));

        private final long nanos;

        Unit(long nanos) {
            this.nanos = nanos;
        }
    }

    private final byte[] before;
    private final long unitNanos;
    private final long zero;

    Stamp(String before, Clock clock, Unit unit) {
        this.before = before.getBytes(StandardCharsets.UTF_8);
        this.unitNanos = unit.nanos;
        this.zero = clock == Clock.MONOTONIC ? 0 : nanosOfEpoch() - System.nanoTime();
    }

    private static long nanosOfEpoch() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** A text that no other run has, beginning with a character that is rare in messages. */
    static String markOf(String run) {
        return "@" + run + ":";
    }

    String digits(long nanoTime) {
        return Long.toString((nanoTime + zero) / unitNanos);
    }

    /** What {@link #find} will answer for a publish of this time: units may be coarser than nanoseconds. */
    long asRead(long nanoTime) {
        return (nanoTime + zero) / unitNanos * unitNanos - zero;
    }

    /** The time in a message, or {@link #NONE}. */
    long find(byte[] message, int from, int to) {
        int last = to - before.length - 1;
        byte first = before[0];
        for (int at = from; at <= last; at++) {
            if (message[at] == first && matches(message, at)) {
                return parse(message, at + before.length, to);
            }
        }
        return NONE;
    }

    private boolean matches(byte[] message, int at) {
        for (int i = 1; i < before.length; i++) {
            if (message[at + i] != before[i]) {
                return false;
            }
        }
        return true;
    }

    private long parse(byte[] message, int from, int to) {
        long value = 0;
        int at = from;
        int end = Math.min(to, from + MOST_DIGITS);
        while (at < end && message[at] >= '0' && message[at] <= '9') {
            value = value * BASE + message[at++] - '0';
        }
        return at == from ? NONE : value * unitNanos - zero;
    }
}
