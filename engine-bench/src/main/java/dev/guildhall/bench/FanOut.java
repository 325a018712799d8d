package dev.guildhall.bench;

/**
 * One way to hand events, made beforehand, to every recipient; the benchmark drives each of them in the same way. One thread
 * publishes and closes.
 */
public interface FanOut extends AutoCloseable {

    /** Hands the next event, or the only one, to every recipient, now or soon; may wait while there is no room. */
    void publish();

    @Override
    void close();
}
