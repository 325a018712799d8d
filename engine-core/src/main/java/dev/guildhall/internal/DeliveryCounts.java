package dev.guildhall.internal;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/**
 * Events of a guild's log whose deliveries are counted. An event is watched before it can be read from the log, so a lane that has
 * read it finds its count; while nothing is watched a lane looks at an empty map. What lanes complete is completed by another
 * executor, because it runs application code.
 *
 * <p><b>Proofs</b> (jcstress, {@code DeliveryCountsProof}): the count completes once the last lane has passed, with what all of them added.
 */
final class DeliveryCounts {
    private final Executor executor;
    private final ConcurrentMap<LogEvent, Count> counts = new ConcurrentHashMap<>(4);

    private record Count(LongAdder deliveries, CompletableFuture<Long> done) {}

    DeliveryCounts(Executor executor) {
        this.executor = executor;
    }

    /** Begins to count deliveries of an event that has no offset yet; completes when all slices have passed it. */
    CompletableFuture<Long> watch(LogEvent event) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        counts.put(event, new Count(new LongAdder(), done));
        return done;
    }

    /** The event was not appended. */
    void forget(LogEvent event) {
        counts.remove(event);
    }

    boolean isWatching() {
        return !counts.isEmpty();
    }

    /** A lane has delivered the event so many times. */
    void add(LogEvent event, int deliveries) {
        Count count = counts.get(event);
        if (count != null) {
            count.deliveries.add(deliveries);
        }
    }

    /**
     * All slices have passed what lies before the offset. A lane that has passed an event sees its offset; others may see none yet, and
     * leave it to that one.
     */
    void passed(long offset) {
        Iterator<Map.Entry<LogEvent, Count>> watched = counts.entrySet().iterator();
        while (watched.hasNext()) {
            Map.Entry<LogEvent, Count> entry = watched.next();
            long at = entry.getKey().offset;
            if (at >= 0 && at < offset && counts.remove(entry.getKey(), entry.getValue())) {
                Count count = entry.getValue();
                executor.execute(() -> count.done.complete(count.deliveries.sum()));
            }
        }
    }
}
