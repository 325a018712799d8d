package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** What {@link DeliveryCounts} says: when all lanes have passed an event its count completes, with what all of them counted. */
public final class DeliveryCountsProof {
    private DeliveryCountsProof() {}

    /** The last steps of a walk on two lanes, in the order of {@link Slice}: count, move the cursor, tell the log. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "complete")
    @Outcome(expect = FORBIDDEN, desc = "-1 is never, less than 2 is too early")
    @State
    public static class LaneAgainstLane {
        private final GuildLog log = Parts.log();
        private final LogEvent event = Parts.event();
        private final CompletableFuture<Long> done = log.counts().watch(event);
        private final Slice ofOne = new SessionSlice(Parts.guildLane(log));
        private final Slice ofOther = new SessionSlice(Parts.guildLane(log));

        public LaneAgainstLane() {
            log.register(ofOne);
            log.register(ofOther);
            Parts.append(log, event);
        }

        private void pass(Slice slice) {
            log.counts().add(event, 1);
            slice.cursor.setRelease(1);
            log.cursorMoved();
        }

        @Actor
        public void one() {
            pass(ofOne);
        }

        @Actor
        public void other() {
            pass(ofOther);
        }

        @Arbiter
        public void count(J_Result r) {
            r.r1 = done.getNow(-1L);
        }
    }
}
