package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What {@link LocalSubscription} says of its states. */
public final class LocalSubscriptionProof {
    private static final LocalGuild GUILD = Parts.guild(Parts.log());
    private static final LocalSession SESSION = Parts.session(Parts.ENGINE.laneArray()[0]);

    private LocalSubscriptionProof() {}

    private static LocalSubscription pending() {
        return new LocalSubscription(SESSION, GUILD, InterestSet.NOTHING);
    }

    /** An end wins against the beginning, or comes after it; it is never undone. */
    @JCStressTest
    @Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "it began, and ended")
    @Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "it ended before it began")
    @Outcome(expect = FORBIDDEN, desc = "the end is lost")
    @State
    public static class BeginAgainstEnd {
        private final LocalSubscription subscription = pending();

        @Actor
        public void lane(ZZZ_Result r) {
            r.r1 = subscription.tryBegin();
        }

        @Actor
        public void unsubscribe(ZZZ_Result r) {
            r.r2 = subscription.tryEnd();
        }

        @Arbiter
        public void live(ZZZ_Result r) {
            r.r3 = subscription.isLive();
        }
    }

    /** One of two ends it. */
    @JCStressTest
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "one did")
    @Outcome(expect = FORBIDDEN, desc = "ended twice, or by nobody")
    @State
    public static class EndAgainstEnd {
        private final LocalSubscription subscription = pending();

        public EndAgainstEnd() {
            subscription.tryBegin();
        }

        @Actor
        public void first(ZZ_Result r) {
            r.r1 = subscription.tryEnd();
        }

        @Actor
        public void second(ZZ_Result r) {
            r.r2 = subscription.tryEnd();
        }
    }

    /** Whoever asks when it is settled is told, by the one who settles it or at once. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "told")
    @Outcome(expect = FORBIDDEN, desc = "the stage never completes")
    @State
    public static class SettledAgainstOrdered {
        private final LocalSubscription subscription = pending();
        private final AtomicBoolean told = new AtomicBoolean();

        @Actor
        public void order() {
            subscription.ordered(5);
            subscription.tellSettled();
        }

        @Actor
        public void ask() {
            subscription.settled().thenRun(() -> told.set(true));
        }

        @Arbiter
        public void told(Z_Result r) {
            r.r1 = told.get();
        }
    }

    /** A user who was counted as present because of it is counted out, and no other. */
    @JCStressTest
    @Outcome(
            id = {"true, true", "false, false"},
            expect = ACCEPTABLE,
            desc = "in and out, or neither")
    @Outcome(expect = FORBIDDEN, desc = "counted for ever, or out without in")
    @State
    public static class AnnounceAgainstUnannounce {
        private final LocalSubscription subscription = pending();

        @Actor
        public void announce(ZZ_Result r) {
            r.r1 = subscription.announce();
        }

        @Actor
        public void unannounce(ZZ_Result r) {
            r.r2 = subscription.unannounce();
        }
    }
}
