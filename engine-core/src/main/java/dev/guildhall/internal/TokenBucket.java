package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * So many a second, and so many at once. Kept as one long, the time at which the bucket would be full again (the generic cell rate
 * algorithm), which is replaced by CAS. Any thread.
 *
 * <p><b>Proofs</b> (jcstress, {@code TokenBucketProof}): a token is for one.
 */
final class TokenBucket {
    private static final VarHandle FULL_AGAIN_AT;

    static {
        try {
            FULL_AGAIN_AT = MethodHandles.lookup().findVarHandle(TokenBucket.class, "fullAgainAt", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EngineClock clock;
    private final long nanosPerToken;
    private final long nanosPerBurst;
    private volatile long fullAgainAt;

    TokenBucket(EngineClock clock, int perSecond, int burst) {
        this.clock = clock;
        this.nanosPerToken = 1_000_000_000L / perSecond;
        this.nanosPerBurst = nanosPerToken * burst;
        this.fullAgainAt = clock.nanoTime();
    }

    /** Takes a token; false if there is none. */
    boolean tryTake() {
        while (true) {
            long now = clock.nanoTime();
            long present = fullAgainAt;
            long next = (present - now > 0 ? present : now) + nanosPerToken;
            if (next - now > nanosPerBurst) {
                return false;
            }
            if (FULL_AGAIN_AT.compareAndSet(this, present, next)) {
                return true;
            }
        }
    }
}
