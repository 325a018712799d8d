package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import dev.guildhall.TurnCount;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a guild's turns have cost, by the kind of message. Written in the guild's turns, by one thread at a time, with lazy stores; read by any
 * thread, which may see the parts of a count some nanoseconds apart.
 */
final class TurnCounts {
    /** Kinds beyond these are counted together. */
    private static final int MAX_KINDS = 64;

    private static final String OTHERS = "others";

    private final ConcurrentMap<String, Count> counts = new ConcurrentHashMap<>();
    private final String guildId;
    private final EngineClock clock;

    TurnCounts(String guildId, EngineClock clock) {
        this.guildId = guildId;
        this.clock = clock;
    }

    private static final class Count {
        final AtomicLong calls = new AtomicLong();
        final AtomicLong nanos = new AtomicLong();
        final AtomicLong longest = new AtomicLong();

        void add(long took) {
            nanos.lazySet(nanos.getPlain() + took);
            longest.lazySet(Math.max(longest.getPlain(), took));
            calls.lazySet(calls.getPlain() + 1);
        }
    }

    /** A turn for one message, from now until it is closed. */
    final class Turn implements AutoCloseable {
        private final String kind;
        private final long began = clock.nanoTime();
        private final @Nullable Object recorded = FlightLog.guildTurnBegins();

        private Turn(String kind) {
            this.kind = kind;
        }

        @Override
        public void close() {
            add(kind, clock.nanoTime() - began);
            FlightLog.guildTurnEnds(recorded, guildId, kind);
        }
    }

    Turn begin(String kind) {
        return new Turn(kind);
    }

    private void add(String kind, long nanos) {
        Count count = counts.get(kind);
        if (count == null) {
            count = counts.computeIfAbsent(counts.size() < MAX_KINDS ? kind : OTHERS, name -> new Count());
        }
        count.add(nanos);
    }

    /** The costliest first. */
    List<TurnCount> snapshot() {
        return counts.entrySet().stream()
                .map(entry -> new TurnCount(
                        entry.getKey(),
                        entry.getValue().calls.get(),
                        entry.getValue().nanos.get(),
                        entry.getValue().longest.get()))
                .sorted(Comparator.comparingLong(TurnCount::totalNanos).reversed())
                .toList();
    }
}
