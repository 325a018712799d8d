package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import dev.guildhall.spi.Connection;

/**
 * When a lane stops walking guilds and lets sessions write. A session's turn ends with a flush, which for a socket is a system call of
 * some microseconds, however much it writes. So while guilds have more to deliver, sessions wait until what was delivered costs a
 * good part of what their flushes will: then a turn writes many events. Where flushes are cheap, or no guild has anything left, they
 * write at once, or walks write in their stead. Then each that is ready gets its turn before that begins anew.
 *
 * <p>Sessions of small guilds and of large ones each have their own pace. A hundred of a small guild wait for some thousand deliveries,
 * whoever they are for. The price is measured with the engine's clock, now and then; one that stands still makes flushes cheap. What a
 * connection does after the flush it says itself ({@link dev.guildhall.spi.Connection#flushNanosLater}). Lane only.
 */
final class WritePace {
    /** About what sixteen deliveries into rings take. */
    private static final int NANOS_PER_EVENT = 64;

    /** More would gain little, and fill rings. */
    private static final int MOST_EVENTS = 64;

    /** Less than a system call that sends takes. */
    private static final int MOST_NANOS_OF_WALKS = 512;

    /** A longer one was interrupted, or as good as such. */
    private static final int MOST_NANOS = 2 * MOST_EVENTS * NANOS_PER_EVENT;

    private static final int SAMPLE_MASK = 15;
    private static final int SMOOTHING = 8;

    private final EngineClock clock;
    private final Round few;
    private final Round many;
    private long nanosPerFlush = MOST_NANOS_OF_WALKS + 1; // dear until it is known to be cheap
    private int sample;
    private boolean isMeasured;
    private long flushes;
    private long nanosOfFlushes;

    WritePace(LaneSessions sessions, EngineClock clock) {
        this.clock = clock;
        this.few = new Round(sessions, sessions.few());
        this.many = new Round(sessions, sessions.many());
    }

    /** The sessions of one queue, which wait together and then write together. */
    private static final class Round {
        private final LaneSessions sessions;
        private final TurnQueue queue;

        /** Deliveries since they last began to write. */
        private long delivered;

        /** Turns left of those that were ready then. */
        private int turnsLeft;

        Round(LaneSessions sessions, TurnQueue queue) {
            this.sessions = sessions;
            this.queue = queue;
        }

        boolean isDue(int deliveries, boolean moreToWalk, long eventsToWaitFor) {
            delivered += deliveries;
            if (turnsLeft <= 0 && (!moreToWalk || delivered >= queue.size() * eventsToWaitFor)) {
                turnsLeft = queue.size();
                delivered = 0;
            }
            return turnsLeft > 0;
        }

        int run(int budget) {
            long before = sessions.turns();
            int cost = sessions.runTurns(queue, budget);
            turnsLeft = queue.isEmpty() ? 0 : turnsLeft - (int) (sessions.turns() - before);
            return cost;
        }
    }

    /**
     * A walk has delivered so much: gives sessions turns for so much, as far as it is time; answers what they cost. Half of the
     * turns are for the sessions of small guilds, if these need so many.
     */
    int runTurns(int deliveries, boolean moreToWalk, int budget) {
        long eventsToWaitFor = Math.min(nanosPerFlush / NANOS_PER_EVENT, MOST_EVENTS);
        boolean isForFew = few.isDue(deliveries, moreToWalk, eventsToWaitFor);
        boolean isForMany = many.isDue(deliveries, moreToWalk, eventsToWaitFor);
        if (!isForFew && !isForMany) {
            return 0;
        }
        writingBegins();
        int cost = isForFew ? few.run(isForMany ? budget / 2 : budget) : 0;
        if (isForMany) {
            cost += many.run(budget - cost);
            cost += isForFew ? few.run(budget - cost) : 0;
        }
        writingEnds();
        return cost;
    }

    /** Whether a flush costs so little that walks write, and sessions need no turns. */
    boolean writesThrough() {
        return nanosPerFlush <= MOST_NANOS_OF_WALKS;
    }

    /** Some turns begin, or a walk that writes. */
    void writingBegins() {
        isMeasured = (sample++ & SAMPLE_MASK) == 0;
    }

    /** Flushes a connection. */
    void flush(Connection connection) {
        if (isMeasured) {
            long began = clock.nanoTime();
            connection.flush();
            nanosOfFlushes += clock.nanoTime() - began + connection.flushNanosLater();
            flushes++;
        } else {
            connection.flush();
        }
    }

    /**
     * The turns have ended, or the walk has. If nothing was flushed the next ones are measured instead. What is far above the price is as
     * likely an interruption, and takes several samples to be believed.
     */
    void writingEnds() {
        if (!isMeasured) {
            return;
        }
        isMeasured = false;
        if (flushes == 0) {
            sample = 0;
            return;
        }
        long most = Math.min(MOST_NANOS, 4 * nanosPerFlush + MOST_NANOS_OF_WALKS);
        nanosPerFlush += (Math.clamp(nanosOfFlushes / flushes, 0, most) - nanosPerFlush) / SMOOTHING;
        flushes = 0;
        nanosOfFlushes = 0;
    }

    @Override
    public String toString() {
        return "WritePace[" + nanosPerFlush + " ns for a flush, left " + few.turnsLeft + " and " + many.turnsLeft + "]";
    }
}
