package dev.guildhall.bench;

/** One way to hand an event, made beforehand, to every recipient; the benchmark drives each of them in the same way. */
public interface FanOut extends AutoCloseable {

    /** Hands the event to every recipient, now or soon; may wait while there is no room. */
    void publish();

    @Override
    void close();
}
