package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.guildhall.SessionOptions;
import java.util.concurrent.atomic.AtomicInteger;
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
        private final AtomicInteger ran = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        private void work() {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            ran.incrementAndGet();
            running.decrementAndGet();
        }

        @Actor
        public void first() {
            tasks.call(this::work);
        }

        @Actor
        public void second() {
            tasks.call(this::work);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r1 = ran.get();
            r.r2 = most.get();
        }
    }
}
