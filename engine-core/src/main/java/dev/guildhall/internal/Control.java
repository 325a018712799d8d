package dev.guildhall.internal;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a guild's log that changes who receives what: here, that a subscription begins. The owning lane applies it when
 * the cursor of the subscription's slice passes, so it has an exact place among the events.
 *
 * <p>{@code offset} is written between claim and release store, as a {@link LogEvent}'s is. {@code subscription} is cleared by
 * the lane that applied it, so that a log's history does not keep sessions alive; only that lane reads it.
 */
final class Control {
    @Nullable
    LocalSubscription subscription;

    long offset = -1;

    Control(LocalSubscription subscription) {
        this.subscription = subscription;
    }

    @Override
    public String toString() {
        return "Control[" + offset + ", " + subscription + "]";
    }
}
