package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.guildhall.SessionOptions;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What {@link SessionTasks} says: everything runs, one at a time. */
public final class SessionTasksProof {
    private SessionTasksProof() {}

    /** Two calls, each of which may find the other one's task going idle; the pool runs a task on the thread that submits it. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both ran, one at a time")
    @Outcome(expect = FORBIDDEN, desc = "one is lost or ran twice, or both ran at once")
    @State
    public static class CallAgainstCall {
        private final SessionTasks tasks = new SessionTasks(Parts.ENGINE, SessionOptions.DEFAULT);
        private final Parts.Work work = new Parts.Work();

        @Actor
        public void first() {
            tasks.call(work);
        }

        @Actor
        public void second() {
            tasks.call(work);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r1 = work.ran();
            r.r2 = work.mostAtOnce();
        }
    }
}
