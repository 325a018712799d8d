package dev.guildhall.internal;

import dev.guildhall.Subscriber;
import java.util.Arrays;

/**
 * A slice of sessions with an {@linkplain dev.guildhall.SessionOptions#inline() inline} subscriber: the walk calls them. They
 * need no ring and the engine writes nothing per delivery.
 */
final class InlineSlice extends Slice {
    private static final Subscriber NOBODY = event -> {};

    private Subscriber[] receivers = new Subscriber[masks.length];

    InlineSlice(GuildLane guildLane) {
        super(guildLane);
    }

    @Override
    int deliver(LogEvent event) {
        int count = event.need == 0 ? deliverToAll(event) : deliverToMatching(event);
        guildLane.lane.countInline(count);
        return count;
    }

    private int deliverToAll(LogEvent event) {
        Subscriber[] subscribers = receivers;
        int end = activeCount;
        int i = 0;
        while (i < end) {
            try {
                for (; i < end; i++) {
                    subscribers[i].onEvent(event);
                }
            } catch (Throwable failure) { // application code; one receiver's failure must not end the walk
                guildLane.lane.subscriberFailed(failure);
                i++;
            }
        }
        return end;
    }

    private int deliverToMatching(LogEvent event) {
        Subscriber[] subscribers = receivers;
        long[] interests = masks;
        long need = event.need;
        int end = activeCount;
        int count = 0;
        int i = 0;
        while (i < end) {
            try {
                for (; i < end; i++) {
                    if ((interests[i] & need) == need && (need > 0 || isConfirmed(i, event))) {
                        count++;
                        subscribers[i].onEvent(event);
                    }
                }
            } catch (Throwable failure) { // see above
                guildLane.lane.subscriberFailed(failure);
                i++;
            }
        }
        return count;
    }

    @Override
    int deliver(Batch batch, int from, int to) {
        int delivered = 0;
        for (int i = from; i < to; i++) {
            delivered += deliverBatch(batch, receivers[i], i);
        }
        guildLane.lane.countInline(delivered);
        return delivered;
    }

    private int deliverBatch(Batch batch, Subscriber subscriber, int index) {
        int delivered = 0;
        for (int k = 0; k < batch.size && subscriber != NOBODY; k++) {
            LogEvent event = batch.events[k];
            if (matches(index, event)) {
                delivered++;
                try {
                    subscriber.onEvent(event);
                } catch (Throwable failure) { // see above
                    guildLane.lane.subscriberFailed(failure);
                }
            }
        }
        return delivered;
    }

    @Override
    boolean hasConnections() {
        return false;
    }

    @Override
    void begin(Batch events) {}

    @Override
    void end(Batch events) {}

    @Override
    void growReceivers(int capacity) {
        receivers = Arrays.copyOf(receivers, capacity);
    }

    @Override
    void setReceiver(int index, LocalSubscription subscription) {
        receivers[index] = subscription.session.inlineSubscriber();
    }

    @Override
    void moveReceiver(int from, int to) {
        receivers[to] = receivers[from];
    }

    @Override
    void clearReceiver(int index) {
        receivers[index] = NOBODY;
    }

    @Override
    void deliverTo(int index, LogEvent event) {
        try {
            receivers[index].onEvent(event);
        } catch (Throwable failure) { // see above
            guildLane.lane.subscriberFailed(failure);
        }
        guildLane.lane.countInline(1);
    }
}
