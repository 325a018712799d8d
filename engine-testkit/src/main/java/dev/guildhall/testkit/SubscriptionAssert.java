package dev.guildhall.testkit;

import dev.guildhall.Outcome;
import dev.guildhall.Subscription;
import org.assertj.core.api.AbstractAssert;

/** What became of a subscription. */
public final class SubscriptionAssert extends AbstractAssert<SubscriptionAssert, Subscription> {

    SubscriptionAssert(Subscription subscription) {
        super(subscription, SubscriptionAssert.class);
    }

    /**
     * It was taken, and what the guild orders from its {@linkplain Subscription#firstOffset() first offset} on is for it, until it ends.
     *
     * @return this
     */
    public SubscriptionAssert hasBegun() {
        return hasOutcome(Outcome.ORDERED);
    }

    /**
     * It was taken or not in one way.
     *
     * @param expected in which
     * @return this
     */
    public SubscriptionAssert hasOutcome(Outcome expected) {
        isNotNull();
        Outcome present = actual.outcome();
        if (present != expected) {
            throw failure(
                    "%nExpected a subscription with the outcome %s, but it is %s:%n  %s", expected, present, actual);
        }
        return this;
    }
}
