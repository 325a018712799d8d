package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What {@link Slice} says of reservations. */
public final class SliceProof {
    private SliceProof() {}

    /** Nobody reserves a place in a slice whose last place is given back. */
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "retired first")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "reserved first")
    @Outcome(expect = FORBIDDEN, desc = "a place in a retired slice, or no place in one that stays")
    @State
    public static class ReserveAgainstLastRelease {
        private final Slice slice = new SessionSlice(Parts.guildLane(Parts.log()));

        public ReserveAgainstLastRelease() {
            slice.tryReserve();
        }

        @Actor
        public void release(ZZ_Result r) {
            r.r1 = slice.release();
        }

        @Actor
        public void reserve(ZZ_Result r) {
            r.r2 = slice.tryReserve();
        }
    }

    /** Of two that give the last places back, one takes the slice out. */
    @JCStressTest
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "one retires it")
    @Outcome(expect = FORBIDDEN, desc = "retired twice, or left for ever")
    @State
    public static class ReleaseAgainstRelease {
        private final Slice slice = new SessionSlice(Parts.guildLane(Parts.log()));

        public ReleaseAgainstRelease() {
            slice.tryReserve();
            slice.tryReserve();
        }

        @Actor
        public void first(ZZ_Result r) {
            r.r1 = slice.release();
        }

        @Actor
        public void second(ZZ_Result r) {
            r.r2 = slice.release();
        }
    }
}
