package dev.guildhall.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Counts what the calling thread allocates, to the byte: the JVM adds up the objects of a thread as they are made, whatever the collector
 * does. How much a piece of code allocates depends on the compiler, which leaves out objects that never leave a method; so the count is
 * made in a JVM without the optimising compiler ({@link #FLAGS}), where each object that the code makes is made, and the
 * same code gives the same number each time.
 */
final class AllocationCounter {
    /** Of a JVM in which the count is exact. */
    static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED");

    private static final int WARM_UPS = 200;
    private static final int ROUNDS = 20;

    /** How often work is done that is counted. */
    static final int RUNS = WARM_UPS + ROUNDS;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationCounter() {}

    /** Bytes that the work allocates each time; arrays that grow now and then do not count, as the least of some rounds is taken. */
    static long bytesOf(Runnable work) {
        for (int i = 0; i < WARM_UPS; i++) {
            work.run();
        }
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
