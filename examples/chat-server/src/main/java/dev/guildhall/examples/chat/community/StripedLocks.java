package dev.guildhall.examples.chat.community;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@value #STRIPES} locks for any number of ids: one id has always the same lock, two may share one. Whoever holds the lock
 * of an id must therefore not ask for that of another; {@link #isHeldForAny} finds this out.
 */
final class StripedLocks {
    private static final int STRIPES = 64;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);

    /** Waits for the id's lock and does something under it. */
    <T> T holding(long id, Supplier<T> action) {
        ReentrantLock lock = lock(id);
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the calling thread holds the id's lock. */
    boolean isHeldFor(long id) {
        return lock(id).isHeldByCurrentThread();
    }

    /** Whether the calling thread holds any of the locks. */
    boolean isHeldForAny() {
        return Stream.of(locks).anyMatch(ReentrantLock::isHeldByCurrentThread);
    }

    private ReentrantLock lock(long id) {
        return locks[Math.floorMod(Long.hashCode(id * 0x9E3779B97F4A7C15L), STRIPES)];
    }
}
