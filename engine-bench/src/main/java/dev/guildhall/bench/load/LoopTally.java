package dev.guildhall.bench.load;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * What one event loop receives. Written by the loop only, so that counting a frame is three plain stores; read from any thread,
 * where it may be a moment old.
 */
final class LoopTally {
    private static final int DIGITS = 3;

    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /** Of connections that are left alone, in nanoseconds. */
    private final SingleWriterRecorder steady = new SingleWriterRecorder(DIGITS);

    /** Of those that stall and are cut. */
    private final SingleWriterRecorder disturbed = new SingleWriterRecorder(DIGITS);

    void received(int length) {
        frames.lazySet(frames.getPlain() + 1);
        bytes.lazySet(bytes.getPlain() + length);
    }

    void latency(long nanos, boolean isSteady) {
        (isSteady ? steady : disturbed).recordValue(nanos);
    }

    long frames() {
        return frames.get();
    }

    long bytes() {
        return bytes.get();
    }

    SingleWriterRecorder steady() {
        return steady;
    }

    SingleWriterRecorder disturbed() {
        return disturbed;
    }
}
