package dev.guildhall.internal;

/** An event that is written only as long as its time is not over. */
final class ExpiringEvent extends LogEvent {
    private final long expiresAtNanos;

    ExpiringEvent(EventBody body, long need, Incarnation incarnation, long expiresAtNanos) {
        super(body, need, incarnation);
        this.expiresAtNanos = expiresAtNanos;
    }

    boolean hasExpired(long nowNanos) {
        return nowNanos - expiresAtNanos > 0;
    }
}
