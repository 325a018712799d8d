package dev.guildhall.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Lets a benchmark's thread wait for what nothing tells it, looking again and again without taking a processor for itself. */
final class Patience {
    private static final long POLL_NANOS = 20_000;
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private Patience() {}

    /**
     * Waits until it is so.
     *
     * @param what for the message
     * @throws IllegalStateException if it is not within a minute
     */
    static void await(String what, BooleanSupplier isSo) {
        long began = System.nanoTime();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - began > LIMIT_NANOS) {
                throw new IllegalStateException("waited for " + what + " for a minute");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
