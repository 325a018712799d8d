package dev.guildhall.testkit;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What the process holds in direct buffers. The memory of a buffer that nobody holds any more is given back by a thread of the JDK some
 * time after a collection has found it; so whoever sees growth collects and looks again before it says so.
 */
final class DirectMemory {
    /** Time in which what was collected is given back, on a busy machine too. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long FIRST_PAUSE_MILLIS = 10;

    private DirectMemory() {}

    /** Bytes that are taken now, garbage included. */
    static long used() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** By how much it has grown; if that is more than allowed, without what a collection gives back. */
    static long growth(long before, long allowed) {
        long growth = used() - before;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long pause = FIRST_PAUSE_MILLIS; growth > allowed && System.nanoTime() < deadline; pause *= 2) {
            System.gc();
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return used() - before;
            }
            growth = used() - before;
        }
        return growth;
    }
}
