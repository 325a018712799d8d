package dev.guildhall.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Subscriptions that have come to a slice from another lane and have no place in its array yet: those that were served further than
 * the slice's cursor, and those that came while a batch was under way. Lane only.
 */
final class Joins {
    private List<Join> waiting = new ArrayList<>();
    private long first = Long.MAX_VALUE;

    /**
     * @param subscription has a place reserved in the slice
     * @param from first offset it still lacks
     */
    private record Join(LocalSubscription subscription, long from) {}

    void add(LocalSubscription subscription, long from) {
        waiting.add(new Join(subscription, from));
        first = Math.min(first, from);
    }

    /** The smallest offset that one of them lacks, which no new batch may go past. */
    long first() {
        return first;
    }

    /** Takes one out; answers the first offset it lacks, or -1 if it is not here. */
    long remove(LocalSubscription subscription) {
        for (int i = 0; i < waiting.size(); i++) {
            Join join = waiting.get(i);
            if (join.subscription == subscription) {
                waiting.remove(i);
                findFirst();
                return join.from;
            }
        }
        return -1;
    }

    /** The first offset that one lacks; its first of all if it is not here. */
    long position(LocalSubscription subscription) {
        for (Join join : waiting) {
            if (join.subscription == subscription) {
                return join.from;
            }
        }
        return subscription.firstOffset();
    }

    /** Takes out all that lack the offset and nothing before it, or less. */
    void takeDue(long offset, BiConsumer<LocalSubscription, Long> action) {
        List<Join> all = waiting;
        waiting = new ArrayList<>();
        for (Join join : all) {
            if (join.from > offset) {
                waiting.add(join);
            }
        }
        findFirst();
        for (Join join : all) {
            if (join.from <= offset) {
                action.accept(join.subscription, join.from);
            }
        }
    }

    /** A batch of the slice, which ends before {@code end}, is over: gives each what it lacks of it. */
    void serve(Batch batch, long end, LaneSessions sessions) {
        waiting.replaceAll(
                join -> join.from < end && join.subscription.isLive() ? serve(join, batch, end, sessions) : join);
        findFirst();
    }

    private static Join serve(Join join, Batch batch, long end, LaneSessions sessions) {
        LocalSubscription subscription = join.subscription;
        for (int i = 0; i < batch.size; i++) {
            LogEvent event = batch.events[i];
            if (event.offset >= join.from && subscription.takesFromStream(event)) {
                sessions.append(subscription.session.slot, batch.places[i]);
            }
        }
        return new Join(subscription, end);
    }

    private void findFirst() {
        first = Long.MAX_VALUE;
        for (Join join : waiting) {
            first = Math.min(first, join.from);
        }
    }

    @Override
    public String toString() {
        return "Joins[" + waiting.size() + "]";
    }
}
