package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What {@link Waiters} says: who waits sees the room, or who makes room sees the waiter. */
public final class WaitersProof {
    private WaitersProof() {}

    /**
     * The side that makes room is a copy of {@link GuildLog#cursorMoved}: a release store, a full fence, a look. A waiter that saw
     * no room would park; here it stays announced until the other side has looked.
     */
    @JCStressTest
    @Outcome(
            id = {"false, true", "false, false", "true, false"},
            expect = ACCEPTABLE,
            desc = "one sees the other")
    @Outcome(id = "true, true", expect = FORBIDDEN, desc = "it waits, and nobody knows")
    @State
    public static class WaitAgainstRoom {
        private final Waiters waiters = new Waiters();
        private final PaddedCounter cursor = new PaddedCounter();
        private volatile boolean looked;

        @Actor
        public void waiter(ZZ_Result r) {
            waiters.await(() -> {
                boolean full = cursor.getVolatile() == 0;
                r.r1 = full;
                while (full && !looked) {
                    Thread.onSpinWait();
                }
                return false;
            });
        }

        @Actor
        public void lane(ZZ_Result r) {
            cursor.setRelease(1);
            VarHandle.fullFence();
            r.r2 = waiters.isEmpty();
            looked = true;
        }
    }
}
