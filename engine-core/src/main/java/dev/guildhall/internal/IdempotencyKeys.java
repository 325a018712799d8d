package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import dev.guildhall.PublishOptions;
import dev.guildhall.Receipt;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The receipts of a guild's last events that were published with a key. Used in the guild's turns only. */
final class IdempotencyKeys {
    private static final long WINDOW_NANOS = Duration.ofMinutes(5).toNanos();

    private final EngineClock clock;
    private final Map<String, Known> known = new LinkedHashMap<>();

    private record Known(Receipt receipt, long forgottenAt) {}

    IdempotencyKeys(EngineClock clock) {
        this.clock = clock;
    }

    /** The receipt of the event that was published with the key, if that is not too long ago. */
    @Nullable
    Receipt find(String key) {
        forgetOld();
        Known found = known.get(key);
        return found == null ? null : found.receipt;
    }

    void add(String key, Receipt receipt) {
        known.put(key, new Known(receipt, clock.nanoTime() + WINDOW_NANOS));
        forgetOld();
    }

    /** Insertion order is the order of time. */
    private void forgetOld() {
        long now = clock.nanoTime();
        Iterator<Known> oldest = known.values().iterator();
        while (oldest.hasNext() && (oldest.next().forgottenAt - now <= 0 || known.size() > PublishOptions.KEYS)) {
            oldest.remove();
        }
    }
}
