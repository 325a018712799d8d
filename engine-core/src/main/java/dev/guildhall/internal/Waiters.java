package dev.guildhall.internal;

import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Threads that wait until there is room somewhere. A waiter announces itself, then a full fence, then looks once more; who makes
 * room does so, then a full fence, then looks for waiters. So one of the two sees the other; and a wait is short in any case,
 * because what makes room may be the passing of time.
 *
 * <p><b>Proofs</b> (jcstress, {@code WaitersProof}): one of the two sees the other. {@code isEmpty} alone is no more than that.
 */
final class Waiters {
    private static final long LONGEST_NANOS = 5_000_000;

    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    /** Waits until it is woken or a short time is over, unless there is room now. */
    void await(BooleanSupplier isFull) {
        Thread current = Thread.currentThread();
        waiting.add(current);
        VarHandle.fullFence();
        if (isFull.getAsBoolean()) {
            LockSupport.parkNanos(this, LONGEST_NANOS);
        }
        waiting.remove(current);
    }

    /** To be asked after a full fence. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void wakeAll() {
        for (Thread waiter : waiting) {
            LockSupport.unpark(waiter);
        }
    }
}
