package dev.guildhall.testkit;

import dev.guildhall.Outcome;
import java.util.function.Function;
import org.assertj.core.api.AbstractAssert;

/**
 * What became of something that was handed to the engine.
 *
 * @param <A> what the engine has answered: an {@link Outcome} or a {@link dev.guildhall.Receipt}
 */
public final class OutcomeAssert<A> extends AbstractAssert<OutcomeAssert<A>, A> {
    private final Function<A, Outcome> outcome;

    OutcomeAssert(A answer, Function<A, Outcome> outcome) {
        super(answer, OutcomeAssert.class);
        this.outcome = outcome;
    }

    /**
     * It has its place in the guild's order.
     *
     * @return this
     */
    public OutcomeAssert<A> isOrdered() {
        return hasOutcome(Outcome.ORDERED);
    }

    /**
     * It has ended in one way.
     *
     * @param expected in which
     * @return this
     */
    public OutcomeAssert<A> hasOutcome(Outcome expected) {
        isNotNull();
        Outcome present = outcome.apply(actual);
        if (present != expected) {
            throw failure("%nExpected the outcome %s, but it is %s:%n  %s", expected, present, actual);
        }
        return this;
    }
}
