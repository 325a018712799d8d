package dev.guildhall.internal;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Subscriptions whose control entry is still to come on a lane, while their session has left the lane or does not list them any more. They
 * are kept for a slice that is lapped, which has to begin what it jumped over. Lane only.
 */
final class Orphans {
    private static final int FIRST_TIDY = 64;

    private final LocalLane lane;
    private final Set<LocalSubscription> orphans = new LinkedHashSet<>();

    /** When there are so many, those that are none any more are taken out. */
    private int tidyAt = FIRST_TIDY;

    Orphans(LocalLane lane) {
        this.lane = lane;
    }

    void add(LocalSubscription subscription) {
        if (orphans.size() >= tidyAt) {
            orphans.removeIf(other -> other.isRefused() || isElsewhere(other));
            tidyAt = Math.max(FIRST_TIDY, 2 * orphans.size());
        }
        if (!isElsewhere(subscription)) {
            orphans.add(subscription);
        }
    }

    private boolean isElsewhere(LocalSubscription subscription) {
        Slice slice = subscription.slice();
        return slice == null ? subscription.isSettled() : slice.guildLane.lane != lane;
    }

    void remove(LocalSubscription subscription) {
        orphans.remove(subscription);
    }

    void forEach(Consumer<LocalSubscription> action) {
        orphans.forEach(action);
    }

    @Override
    public String toString() {
        return orphans.size() + " orphans";
    }
}
