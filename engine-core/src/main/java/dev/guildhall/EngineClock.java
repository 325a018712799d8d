package dev.guildhall;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Where the engine takes time from, so that tests need not wait for it.
 */
public interface EngineClock {

    /** The machine's clocks. */
    EngineClock SYSTEM = new EngineClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(task);
        }

        @Override
        public String toString() {
            return "EngineClock.SYSTEM";
        }
    };

    /**
     * Time for measuring spans.
     *
     * @return nanoseconds since an arbitrary moment, never going back
     */
    long nanoTime();

    /**
     * Time of day.
     *
     * @return milliseconds since 1970
     */
    long epochMillis();

    /**
     * Runs a task once, when a time is over. The engine's tasks only wake a lane, so they may run on the clock's own thread.
     *
     * @param delay from now; zero or less is now
     * @param task must neither block nor throw
     */
    void schedule(Duration delay, Runnable task);
}
