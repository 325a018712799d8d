package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.guildhall.Mailbox;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** What {@link Mailbox} says of wake-ups and of closing. */
public final class MailboxProof {
    private MailboxProof() {}

    /** A mailbox whose tasks the test runs. */
    public static class Box {
        final AtomicInteger handled = new AtomicInteger();
        final AtomicInteger submissions = new AtomicInteger();
        final Mailbox<Integer> mailbox;
        private volatile Runnable task = () -> {};

        Box() {
            mailbox = Mailbox.create(
                    16,
                    turn -> {
                        task = turn;
                        submissions.incrementAndGet();
                    },
                    item -> handled.incrementAndGet());
        }

        /** Runs the first task. */
        void runOnce() {
            task.run();
        }

        /** Runs what was submitted after the first so many tasks. */
        void runAfter(int done) {
            for (int i = done; i < submissions.get(); i++) {
                task.run();
            }
        }
    }

    /** An item offered while the task goes idle is handled by that task or by another one. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "the task saw the item")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "the offer saw the idle state")
    @Outcome(expect = FORBIDDEN, desc = "lost, or handled by two tasks")
    @State
    public static class OfferAgainstGoingIdle extends Box {
        public OfferAgainstGoingIdle() {
            mailbox.offer(1);
        }

        @Actor
        public void task() {
            runOnce();
        }

        @Actor
        public void offer() {
            mailbox.offer(2);
        }

        @Arbiter
        public void rest(II_Result r) {
            runAfter(1);
            r.r1 = handled.get();
            r.r2 = submissions.get();
        }
    }

    /** Two offers to an idle mailbox submit one task, which handles both. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "one task for both")
    @Outcome(expect = FORBIDDEN, desc = "lost, or two tasks at a time")
    @State
    public static class OfferAgainstOffer extends Box {
        @Actor
        public void first() {
            mailbox.offer(1);
        }

        @Actor
        public void second() {
            mailbox.offer(2);
        }

        @Arbiter
        public void rest(II_Result r) {
            runAfter(0);
            r.r1 = handled.get();
            r.r2 = submissions.get();
        }
    }

    /** Whatever was accepted is handled, and nothing else is. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "accepted and handled")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "accepted and lost, or refused and handled")
    @State
    public static class OfferAgainstClose extends Box {
        @Actor
        public void offer(ZI_Result r) {
            r.r1 = mailbox.offer(1).isAccepted();
        }

        @Actor
        public void close() {
            mailbox.close();
        }

        @Arbiter
        public void rest(ZI_Result r) {
            runAfter(0);
            r.r2 = handled.get();
        }
    }
}
