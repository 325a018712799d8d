package dev.guildhall.internal;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a guild's log that changes who receives what: here, that a subscription begins. The owning lane applies it when
 * the cursor of the subscription's slice passes, so it has an exact place among the events.
 *
 * <p>{@code offset} is written between claim and store, as a {@link LogEvent}'s is. {@code subscription} is cleared by the lane
 * that owns it when the entry is passed, so that a log's history does not keep sessions alive. Other lanes read it too, to see
 * that it is not theirs; for them an old value and null mean the same.
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
