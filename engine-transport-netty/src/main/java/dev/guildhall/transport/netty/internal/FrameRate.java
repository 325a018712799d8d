package dev.guildhall.transport.netty.internal;

/** Counts what a client sends, in windows that begin with the first message after the one before. One event loop. */
final class FrameRate {
    private final int most;
    private final long windowNanos;
    private long windowBegan;
    private int count;

    FrameRate(int most, long windowNanos) {
        this.most = most;
        this.windowNanos = windowNanos;
    }

    /** One more; false if it is one too many. */
    boolean tryCount(long nowNanos) {
        if (count == 0 || nowNanos - windowBegan >= windowNanos) {
            windowBegan = nowNanos;
            count = 0;
        }
        return ++count <= most;
    }

    @Override
    public String toString() {
        return "FrameRate[" + count + " of " + most + "]";
    }
}
