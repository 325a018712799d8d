package dev.guildhall.internal;

/** How often a second something was counted between two looks at it. Any thread. */
final class PublishRate {
    /** Looks that follow sooner get the rate of the one before: several that look do not spoil it for each other. */
    private static final long SHORTEST_NANOS = 100_000_000;

    private long seen;
    private long seenAt;
    private double perSecond;

    PublishRate(long nowNanos) {
        seenAt = nowNanos;
    }

    /** The rate up to now, at which so many have been counted. */
    synchronized double perSecond(long count, long nowNanos) {
        long span = nowNanos - seenAt;
        if (span >= SHORTEST_NANOS) {
            perSecond = Math.max(0, count - seen) * 1e9 / span;
            seen = count;
            seenAt = nowNanos;
        }
        return perSecond;
    }

    @Override
    public synchronized String toString() {
        return "PublishRate[" + perSecond + "/s]";
    }
}
