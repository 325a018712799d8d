package dev.guildhall.internal;

/** An event that is written only as long as its time is not over. */
final class ExpiringEvent extends LogEvent {
    private final long expiresAtNanos;

    ExpiringEvent(EventBody body, Address address, Incarnation incarnation, long expiresAtNanos) {
        super(body, address, incarnation);
        this.expiresAtNanos = expiresAtNanos;
    }

    boolean hasExpired(long nowNanos) {
        return nowNanos - expiresAtNanos > 0;
    }
}
