package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What {@link LocalLane} says of its state. */
public final class LocalLaneProof {
    private LocalLaneProof() {}

    /** What is handed over while the lane goes idle is taken by that task or by another one, of which there is one at a time. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the task saw the mark")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "another task was submitted")
    @Outcome(expect = FORBIDDEN, desc = "lost, or two tasks at a time")
    @State
    public static class OfferAgainstGoingIdle {
        private final Parts.Submissions submissions = new Parts.Submissions();
        private final LocalLane lane = Parts.lane(submissions);
        private final AtomicInteger ran = new AtomicInteger();

        public OfferAgainstGoingIdle() {
            lane.offer((LaneTask) on -> {});
        }

        @Actor
        public void task() {
            lane.run();
        }

        @Actor
        public void offer() {
            lane.offer((LaneTask) on -> ran.incrementAndGet());
        }

        @Arbiter
        public void rest(II_Result r) {
            if (submissions.count() > 1) {
                lane.run();
            }
            r.r1 = ran.get();
            r.r2 = submissions.count();
        }
    }
}
