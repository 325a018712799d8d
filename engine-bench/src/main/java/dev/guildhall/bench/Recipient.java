package dev.guildhall.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Receives events and counts them. One thread at a time receives, as in a session; the count is stored opaque so that the
 * benchmark's thread can wait for it. Recipients of a benchmark are allocated in one go; a contender whose threads are
 * known gives each of them a share that lies together in memory.
 */
public class Recipient {
    private static final VarHandle COUNT;
    private static final long POLL_NANOS = 20_000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(Recipient.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long count;

    /** Takes one event of {@code length} bytes. */
    public void receive(int length) {
        COUNT.setOpaque(this, count + (length > 0 ? 1 : 0));
    }

    /** Events received so far. */
    public final long received() {
        return (long) COUNT.getOpaque(this);
    }

    /**
     * Waits until every recipient has received {@code target} events in all. Looks at each one once.
     *
     * @throws IllegalStateException if a recipient gets nothing more for {@link #PATIENCE_NANOS}
     */
    public static void awaitAll(Recipient[] recipients, long target) {
        for (Recipient recipient : recipients) {
            recipient.await(target);
        }
    }

    private void await(long target) {
        long seen = -1;
        long since = 0;
        long present;
        while ((present = received()) < target) {
            if (present != seen) {
                seen = present;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE_NANOS) {
                throw new IllegalStateException(
                        "a recipient has " + present + " of " + target + " events and gets no more");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
