package dev.guildhall.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tasks run on threads, as in an application: one for each lane, and a virtual one for each task that may block. A task counts from when it
 * is submitted until it has ended, so one that submits another ends after the other counts, and nothing is left to run when none counts.
 */
final class ThreadedTasks implements TestTasks {
    private final Duration patience;
    private final List<ExecutorService> lanes = new ArrayList<>();
    private final Executor blocking = counted(task -> Thread.ofVirtual().start(task));
    private final Object lock = new Object();
    private int waiting;

    ThreadedTasks(Duration patience) {
        this.patience = patience;
    }

    @Override
    public Executor lane() {
        ExecutorService lane = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("test-lane-" + lanes.size()).factory());
        lanes.add(lane);
        return counted(lane);
    }

    @Override
    public Executor blocking() {
        return blocking;
    }

    private Executor counted(Executor executor) {
        return task -> {
            count(1);
            try {
                executor.execute(() -> {
                    try {
                        task.run();
                    } finally {
                        count(-1);
                    }
                });
            } catch (RejectedExecutionException e) {
                count(-1);
                throw e;
            }
        };
    }

    private void count(int more) {
        synchronized (lock) {
            waiting += more;
            lock.notifyAll();
        }
    }

    @Override
    public void runAll() {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (lock) {
            while (waiting > 0) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError(
                            "the engine is still busy after " + patience + ": does application code wait"
                                    + " for time to pass, for the test, or answer itself without end? " + this);
                }
                try {
                    lock.wait(left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted while the engine was busy: " + this, e);
                }
            }
        }
    }

    @Override
    public void runUntilEndOf(Thread thread) throws InterruptedException {
        if (!thread.join(patience)) {
            thread.interrupt();
            throw new AssertionError("the code still waits after " + patience + "; for time to pass? " + this);
        }
    }

    @Override
    public int waiting() {
        synchronized (lock) {
            return waiting;
        }
    }

    @Override
    public void end() {
        lanes.forEach(ExecutorService::shutdown);
    }

    @Override
    public String toString() {
        return "ThreadedTasks[" + lanes.size() + " lanes, " + waiting() + " waiting]";
    }
}
