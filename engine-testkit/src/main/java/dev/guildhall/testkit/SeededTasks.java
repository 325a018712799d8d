package dev.guildhall.testkit;

import java.time.Duration;
import java.util.concurrent.Executor;

/** Tasks run on the test's thread, one at a time, in an order that a seed decides. */
final class SeededTasks implements TestTasks {
    /** Tasks after which it gives up: something goes round and round. */
    private static final int MOST_TASKS = 10_000_000;

    private static final int LOOKS = 200;
    private static final Duration LOOK = Duration.ofMillis(5);

    private final SeededExecutor executor;

    SeededTasks(long seed) {
        executor = new SeededExecutor(seed);
    }

    @Override
    public Executor lane() {
        return executor.serial();
    }

    @Override
    public Executor blocking() {
        return executor;
    }

    @Override
    public void runAll() {
        for (int ran = 0; executor.runOne(); ran++) {
            if (ran == MOST_TASKS) {
                throw new AssertionError("the engine is still busy after " + MOST_TASKS
                        + " tasks: does application code answer itself without end? " + this);
            }
        }
    }

    @Override
    public void runUntilEndOf(Thread thread) throws InterruptedException {
        while (thread.isAlive()) {
            if (isWaiting(thread) && !executor.runOne() && !hasMore(thread)) {
                thread.interrupt();
                throw new AssertionError("nothing is left to run, and the code still waits; for time to pass?");
            }
        }
    }

    /** A thread can look as if it waited when it does not, while a class is loaded for instance; so this looks for a second. */
    private boolean hasMore(Thread thread) throws InterruptedException {
        for (int i = 0; i < LOOKS && executor.waiting() == 0; i++) {
            if (thread.join(LOOK)) {
                return true;
            }
        }
        return executor.waiting() > 0;
    }

    private static boolean isWaiting(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            default -> false;
        };
    }

    @Override
    public int waiting() {
        return executor.waiting();
    }

    @Override
    public void end() {}

    @Override
    public String toString() {
        return executor.toString();
    }
}
