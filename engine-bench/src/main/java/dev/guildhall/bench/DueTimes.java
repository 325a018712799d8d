package dev.guildhall.bench;

/**
 * When what a timer calls for was due, so that a call that comes late does not make what it publishes younger. The timer is one with a fixed rate,
 * which makes up for calls it has missed. When it began is not known; the call that was least late tells it. Of one thread.
 */
public final class DueTimes {
    private final long intervalNanos;
    private long calls;
    private long began = Long.MAX_VALUE;

    /** Those of calls with so much time between two of them. */
    public DueTimes(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    /**
     * When the call that the timer makes now was due.
     *
     * @param now {@link System#nanoTime}
     */
    public long next(long now) {
        long before = intervalNanos * calls++;
        began = Math.min(began, now - before);
        return began + before;
    }
}
