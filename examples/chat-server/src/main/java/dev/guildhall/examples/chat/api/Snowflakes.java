package dev.guildhall.examples.chat.api;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of 64 bits that grow with time: milliseconds since 2015 in the upper 42, a counter in the lower 22.
 *
 * <p>An id is always larger than the one before it. When the clock stands still or goes back, or more than 4 million ids are
 * wanted in a millisecond, ids run ahead of the clock instead. {@link #next()} may be called from any thread and does not
 * block.
 */
public final class Snowflakes {
    private static final long EPOCH_MILLIS = 1_420_070_400_000L;
    private static final int COUNTER_BITS = 22;

    private final InstantSource clock;
    private final AtomicLong last;

    /**
     * A source of ids.
     *
     * @param clock the time of day
     * @param largest the largest id given out before, 0 if none was
     */
    public Snowflakes(InstantSource clock, long largest) {
        this.clock = clock;
        this.last = new AtomicLong(largest);
    }

    public long next() {
        long now = (clock.millis() - EPOCH_MILLIS) << COUNTER_BITS;
        return last.updateAndGet(previous -> Math.max(previous + 1, now));
    }

    /**
     * When an id was made.
     *
     * @param id a snowflake
     * @return milliseconds since 1970
     */
    public static long millis(long id) {
        return (id >>> COUNTER_BITS) + EPOCH_MILLIS;
    }

    /**
     * Reads an id from a client.
     *
     * @param text decimal digits
     * @return the id; negative, and so nobody's, for those that need the 64th bit
     * @throws NumberFormatException if it is not a decimal number below 2 to the power of 64
     */
    public static long parse(String text) {
        if (text.isEmpty() || text.length() > 20 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new NumberFormatException("not a snowflake");
        }
        return Long.parseUnsignedLong(text);
    }
}
