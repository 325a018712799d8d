package dev.guildhall.examples.chat.account;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket per address for registering and logging in: {@value #BURST} attempts at once, then two a second. Addresses
 * are many and forged ones cost an attacker nothing, so only the {@value #MAX_ADDRESSES} used last are remembered.
 *
 * <p>Calls may come from any thread; the lock is held for a few instructions.
 */
public final class AttemptLimit {
    /** Attempts that an address which was silent may make at once. */
    static final int BURST = 120;

    private static final int MAX_ADDRESSES = 10_000;
    private static final long MILLIS_PER_ATTEMPT = 500;

    private final InstantSource clock;

    /** When each address's bucket is full again, in milliseconds since 1970; least recently used first. */
    private final Map<String, Long> fullAtMillis = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    public AttemptLimit(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Takes one attempt.
     *
     * @param address whose
     * @return zero if it is granted, otherwise the time to wait
     */
    public Duration take(String address) {
        long now = clock.millis();
        synchronized (fullAtMillis) {
            long fullAt = Math.max(now, fullAtMillis.getOrDefault(address, now)) + MILLIS_PER_ATTEMPT;
            long wait = fullAt - now - BURST * MILLIS_PER_ATTEMPT;
            if (wait > 0) {
                return Duration.ofMillis(wait);
            }
            fullAtMillis.put(address, fullAt);
            return Duration.ZERO;
        }
    }
}
