package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** What {@link SubscriberPool} says: every task runs, on no more threads than allowed, and the end waits for the last. */
public final class SubscriberPoolProof {
    private SubscriberPoolProof() {}

    /** Each may find the only worker going idle; the executor runs a worker on the thread that submits it. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both ran, one at a time")
    @Outcome(expect = FORBIDDEN, desc = "one is lost or ran twice, or both ran at once")
    @State
    public static class ExecuteAgainstExecute {
        private final SubscriberPool pool = new SubscriberPool(Runnable::run, 1);
        private final Parts.Work work = new Parts.Work();

        @Actor
        public void first() {
            pool.execute(work);
        }

        @Actor
        public void second() {
            pool.execute(work);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r1 = work.ran();
            r.r2 = work.mostAtOnce();
        }
    }

    /** The last task ends while the engine's end asks whether all is done. */
    @JCStressTest
    @Outcome(id = "1, true", expect = ACCEPTABLE, desc = "the task ran, and the end is told")
    @Outcome(expect = FORBIDDEN, desc = "the engine's end waits for ever")
    @State
    public static class LastTaskAgainstEnd {
        private final SubscriberPool pool = new SubscriberPool(Runnable::run, 1);
        private final AtomicInteger ran = new AtomicInteger();
        private CompletableFuture<Void> idle = new CompletableFuture<>();

        @Actor
        public void task() {
            pool.execute(ran::incrementAndGet);
        }

        @Actor
        public void end() {
            idle = pool.whenIdle();
        }

        @Arbiter
        public void rest(IZ_Result r) {
            r.r1 = ran.get();
            r.r2 = idle.isDone();
        }
    }
}
