package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What {@link TokenBucket} says: a token is for one. */
public final class TokenBucketProof {
    private TokenBucketProof() {}

    /** There is one token, and time stands still. */
    @JCStressTest
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "one has it")
    @Outcome(expect = FORBIDDEN, desc = "both have it, or nobody")
    @State
    public static class TakeAgainstTake {
        private final TokenBucket bucket = new TokenBucket(new Parts.StandingClock(), 1, 1);

        @Actor
        public void first(ZZ_Result r) {
            r.r1 = bucket.tryTake();
        }

        @Actor
        public void second(ZZ_Result r) {
            r.r2 = bucket.tryTake();
        }
    }
}
