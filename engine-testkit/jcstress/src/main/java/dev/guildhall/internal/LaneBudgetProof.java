package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/** What {@link LaneBudget} says of a lane that has trimmed. */
public final class LaneBudgetProof {
    private LaneBudgetProof() {}

    /** Whoever sees that a lane has trimmed sees what it holds since, or later. */
    @JCStressTest
    @Outcome(
            id = {"false, 100", "false, 0", "true, 0"},
            expect = ACCEPTABLE,
            desc = "what it holds is known first")
    @Outcome(id = "true, 100", expect = FORBIDDEN, desc = "somebody pays for what is not held any more")
    @State
    public static class TrimAgainstLook {
        private final LocalLane lane = Parts.lane(task -> {});

        public TrimAgainstLook() {
            lane.counters.publish(100);
        }

        @Actor
        public void trim() {
            lane.budget.trimFor(1, lane);
        }

        @Actor
        public void look(ZJ_Result r) {
            r.r1 = lane.budget.hasTrimmedFor(1);
            r.r2 = lane.counters.retainedBytes();
        }
    }
}
