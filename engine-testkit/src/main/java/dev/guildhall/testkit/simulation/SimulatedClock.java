package dev.guildhall.testkit.simulation;

import dev.guildhall.EngineClock;
import dev.guildhall.testkit.ManualClock;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * A clock that goes on when the schedule says so. What becomes due is a task like others, so the seed decides when it runs. Timers have
 * a resolution as coarse as {@link #TICK}: the engine adds some randomness of its own to a guild's back-off, and it must not change the order of
 * anything.
 */
final class SimulatedClock implements EngineClock {
    static final Duration TICK = Duration.ofMillis(10);

    private final ManualClock time = new ManualClock();
    private final Executor tasks;

    SimulatedClock(Executor tasks) {
        this.tasks = tasks;
    }

    /** Lets ticks pass. */
    void advance(long ticks) {
        time.advance(TICK.multipliedBy(ticks));
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        long ticks = Math.ceilDiv(Math.max(0, delay.toNanos()), TICK.toNanos());
        time.schedule(TICK.multipliedBy(ticks), () -> tasks.execute(task));
    }

    @Override
    public long nanoTime() {
        return time.nanoTime();
    }

    @Override
    public long epochMillis() {
        return time.epochMillis();
    }

    @Override
    public String toString() {
        return "SimulatedClock[" + epochMillis() + " ms]";
    }
}
