package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Subscriber;
import dev.guildhall.spi.Connection;

/** The connection of an inline subscriber: the lane calls it. Published events bypass it, see {@link InlineSlice}. */
record InlineConnection(Subscriber subscriber, LocalLane lane) implements Connection {

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void write(Event event, long seq) {
        try {
            subscriber.onEvent(event);
        } catch (Throwable failure) { // application code; its session goes on
            lane.subscriberFailed(failure);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close(CloseReason reason, boolean resumable) {
        try {
            subscriber.onClose(reason);
        } catch (Throwable failure) { // application code; the lane goes on
            lane.subscriberFailed(failure);
        }
    }
}
