package dev.guildhall.examples.chat;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Runs what the gateway calls and what guilds do, each task on a virtual thread of its own, and can wait until none runs. Unlike an executor that
 * is shut down it never refuses a task: a handler's queue puts itself in again after some turns, also while the server closes.
 *
 * <p>{@code running} is guarded by this object's monitor. A task that starts another counts until it has, so zero means that
 * nothing is left unless somebody else begins anew.
 */
final class Handlers implements Executor {
    private final ThreadFactory threads =
            Thread.ofVirtual().name("chat-handler-", 0).factory();
    private int running;

    @Override
    public void execute(Runnable task) {
        begun();
        threads.newThread(() -> {
                    try {
                        task.run();
                    } finally {
                        ended();
                    }
                })
                .start();
    }

    /**
     * Waits until no task runs.
     *
     * @return false if some still run after the time
     */
    synchronized boolean await(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (running > 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    private synchronized void begun() {
        running++;
    }

    private synchronized void ended() {
        running--;
        notifyAll();
    }
}
