package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJI_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.JZI_Result;
import org.openjdk.jcstress.infra.results.ZJ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What {@link GuildLog} says of claims, of room and of its end. */
public final class GuildLogProof {
    private GuildLogProof() {}

    /** Two publishers get two neighbouring offsets, in the same new chunk, and both entries can be read. */
    @JCStressTest
    @Outcome(
            id = {"0, 1, 2", "1, 0, 2"},
            expect = ACCEPTABLE,
            desc = "each has its offset")
    @Outcome(expect = FORBIDDEN, desc = "one offset for two, a hole, or an entry that is lost")
    @State
    public static class ClaimAgainstClaim {
        private final GuildLog log = Parts.log();

        @Actor
        public void first(JJI_Result r) {
            r.r1 = Parts.append(log, Parts.event());
        }

        @Actor
        public void second(JJI_Result r) {
            r.r2 = Parts.append(log, Parts.event());
        }

        @Arbiter
        public void present(JJI_Result r) {
            r.r3 = (log.isPresent(0) ? 1 : 0) + (log.isPresent(1) ? 1 : 0);
        }
    }

    /** A reader that finds an entry finds its offset. */
    @JCStressTest
    @Outcome(id = "false, -1", expect = ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "there, and whole")
    @Outcome(expect = FORBIDDEN, desc = "there without its offset")
    @State
    public static class StoreAgainstRead {
        private final GuildLog log = Parts.log();

        @Actor
        public void publish() {
            Parts.append(log, Parts.event());
        }

        @Actor
        public void read(ZJ_Result r) {
            Object entry = log.read(0);
            r.r1 = entry != null;
            r.r2 = entry == null ? -1 : GuildLog.offsetOf(entry);
        }
    }

    /** The last slot goes to one of two. */
    @JCStressTest
    @Outcome(
            id = {"63, -1", "-1, 63"},
            expect = ACCEPTABLE,
            desc = "one gets it")
    @Outcome(expect = FORBIDDEN, desc = "the slowest slice is overtaken, or nobody gets what is free")
    @State
    public static class LastSlot {
        private final GuildLog log = Parts.log();

        public LastSlot() {
            log.register(new SessionSlice(Parts.guildLane(log)));
            Parts.claim(log, Parts.CAPACITY - 1);
        }

        @Actor
        public void first(JJ_Result r) {
            r.r1 = log.claim();
        }

        @Actor
        public void second(JJ_Result r) {
            r.r2 = log.claim();
        }
    }

    /** A slice that joins is never more than a lap behind the claim, however many claim before they see it. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "it gates")
    @Outcome(expect = FORBIDDEN, desc = "overtaken before it began")
    @State
    public static class RegisterAgainstClaims {
        private final GuildLog log = Parts.log();
        private final Slice slice = new SessionSlice(Parts.guildLane(log));

        public RegisterAgainstClaims() {
            Parts.claim(log, Parts.CAPACITY - 2);
        }

        @Actor
        public void claims() {
            Parts.claim(log, Parts.CAPACITY + 8);
        }

        @Actor
        public void register() {
            log.register(slice);
        }

        @Arbiter
        public void distance(Z_Result r) {
            r.r1 = log.end() - slice.cursor.getVolatile() <= Parts.CAPACITY;
        }
    }

    /** A log that was idle ends only if nobody has claimed, and nobody claims after its end. */
    @JCStressTest
    @Outcome(id = "0, false, 1", expect = ACCEPTABLE, desc = "claimed first: it goes on")
    @Outcome(id = "-2, true, 0", expect = ACCEPTABLE, desc = "ended first: the publisher is told")
    @Outcome(expect = FORBIDDEN, desc = "an event in a log that has ended")
    @State
    public static class ClaimAgainstTryClose {
        private final GuildLog log = Parts.log();

        @Actor
        public void publish(JZI_Result r) {
            r.r1 = Parts.append(log, Parts.event());
        }

        @Actor
        public void end(JZI_Result r) {
            r.r2 = log.tryClose(0);
        }

        @Arbiter
        public void present(JZI_Result r) {
            r.r3 = log.isPresent(0) ? 1 : 0;
        }
    }

    /** The end that a closed log tells is the end for ever. */
    @JCStressTest
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "claimed first")
    @Outcome(id = "-2, 0, 0", expect = ACCEPTABLE, desc = "closed first")
    @Outcome(expect = FORBIDDEN, desc = "the end moved, or leaves an entry out")
    @State
    public static class ClaimAgainstClose {
        private final GuildLog log = Parts.log();

        @Actor
        public void publish(JJI_Result r) {
            r.r1 = Parts.append(log, Parts.event());
        }

        @Actor
        public void close(JJI_Result r) {
            log.close();
            r.r2 = log.end();
        }

        @Arbiter
        public void present(JJI_Result r) {
            r.r3 = log.isPresent(0) ? 1 : 0;
        }
    }
}
