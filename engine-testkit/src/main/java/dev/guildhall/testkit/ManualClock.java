package dev.guildhall.testkit;

import dev.guildhall.EngineClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told to go on, and runs what was scheduled then. Any thread may use it. */
public final class ManualClock implements EngineClock {
    private final long startMillis;
    private final AtomicLong elapsedNanos = new AtomicLong();
    private final AtomicLong sequence = new AtomicLong();
    private final Queue<Scheduled> scheduled = new PriorityBlockingQueue<>(
            11, Comparator.comparingLong(Scheduled::dueNanos).thenComparingLong(Scheduled::order));

    /**
     * A clock that stands at a moment.
     *
     * @param epochMillis the moment, in milliseconds since 1970
     */
    public ManualClock(long epochMillis) {
        startMillis = epochMillis;
    }

    /** A clock that stands at 2020-01-01T00:00Z. */
    public ManualClock() {
        this(1_577_836_800_000L);
    }

    /**
     * Lets time pass and runs what has become due, in that order.
     *
     * @param span how much; not negative
     * @throws IllegalArgumentException if the span is negative
     */
    public void advance(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("time cannot go back by " + span.negated());
        }
        elapsedNanos.addAndGet(span.toNanos());
        Scheduled next = scheduled.peek();
        while (next != null && next.dueNanos <= elapsedNanos.get()) {
            if (scheduled.remove(next)) {
                next.task.run();
            }
            next = scheduled.peek();
        }
    }

    /** Runs the task in the call of {@link #advance} that makes it due, on that thread; at once if it is due already. */
    @Override
    public void schedule(Duration delay, Runnable task) {
        if (!delay.isPositive()) {
            task.run();
            return;
        }
        scheduled.add(new Scheduled(elapsedNanos.get() + delay.toNanos(), sequence.getAndIncrement(), task));
    }

    private record Scheduled(long dueNanos, long order, Runnable task) {}

    @Override
    public long nanoTime() {
        return elapsedNanos.get();
    }

    @Override
    public long epochMillis() {
        return startMillis + elapsedNanos.get() / 1_000_000;
    }

    @Override
    public String toString() {
        return "ManualClock[" + epochMillis() + " ms]";
    }
}
