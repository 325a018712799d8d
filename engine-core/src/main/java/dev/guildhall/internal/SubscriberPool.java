package dev.guildhall.internal;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks on at most {@code parallelism} threads at a time, none of which waits for work. A connection is in the queue at
 * most once, so the queue is bounded by the sessions.
 *
 * <p>{@code workers} counts running workers. A task is queued before the count is looked at, and a worker that found the queue
 * empty lowers the count before it looks once more; so either the submitter sees room for a worker or the worker sees the
 * task.
 *
 * <p><b>Proofs</b> (jcstress, {@code SubscriberPoolProof}): every task runs, on no more threads than allowed, and who waits for the last is
 * told. Not linearizable: {@code toString}.
 */
final class SubscriberPool {
    private final Executor executor;
    private final int parallelism;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger workers = new AtomicInteger();
    private final Runnable worker = this::work;
    private volatile boolean idleWanted;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();

    SubscriberPool(Executor executor, int parallelism) {
        this.executor = executor;
        this.parallelism = parallelism;
    }

    void execute(Runnable task) {
        tasks.offer(task);
        if (tryAddWorker()) {
            try {
                executor.execute(worker);
            } catch (RejectedExecutionException e) {
                workers.decrementAndGet();
                throw e;
            }
        }
    }

    /** Completes when nothing is queued and nothing runs; asked for when nothing new will be submitted. */
    CompletableFuture<Void> whenIdle() {
        idleWanted = true;
        checkIdle();
        return idle;
    }

    private void work() {
        do {
            Runnable task;
            while ((task = tasks.poll()) != null) {
                task.run();
            }
            workers.decrementAndGet();
        } while (!tasks.isEmpty() && tryAddWorker());
        checkIdle();
    }

    private boolean tryAddWorker() {
        int running = workers.get();
        while (running < parallelism) {
            if (workers.compareAndSet(running, running + 1)) {
                return true;
            }
            running = workers.get();
        }
        return false;
    }

    private void checkIdle() {
        if (idleWanted && tasks.isEmpty() && workers.get() == 0) { // in this order: the last task may still run
            idle.complete(null);
        }
    }

    @Override
    public String toString() {
        return "SubscriberPool[" + workers + "/" + parallelism + " running, " + tasks.size() + " waiting]";
    }
}
