package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What {@link LaneBudget} says of lanes that have trimmed, and of what they hold at rest. */
public final class LaneBudgetProof {
    private LaneBudgetProof() {}

    /** Whoever sees that a lane has trimmed sees what it holds since, or later. */
    @JCStressTest
    @Outcome(
            id = {"false, 100", "false, 0", "true, 0"},
            expect = ACCEPTABLE,
            desc = "what it holds is known first")
    @Outcome(id = "true, 100", expect = FORBIDDEN, desc = "somebody pays for what is not held any more")
    @State
    public static class TrimAgainstLook {
        private final LocalLane lane = Parts.lane(task -> {});

        public TrimAgainstLook() {
            lane.counters.publish(100);
        }

        @Actor
        public void trim() {
            lane.budget.trimFor(1, lane);
        }

        @Actor
        public void look(ZJ_Result r) {
            r.r1 = lane.budget.hasTrimmedFor(1);
            r.r2 = lane.counters.retainedBytes();
        }
    }

    /**
     * Two lanes grow over the limit at the same time, each by a session whose client reads nothing. At first they hold three quarters of
     * it, then each takes a quarter more.
     */
    @JCStressTest
    @Outcome(
            id = "true, true",
            expect = ACCEPTABLE,
            desc = "they come to rest below the limit, and one of them has paid")
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "both have paid, each before it saw that the other had")
    @Outcome(expect = FORBIDDEN, desc = "nobody has paid")
    @State
    public static class GrowthAgainstGrowth {
        private static final long LIMIT = EngineBuilder.MIN_RETAINED_BYTES;
        private static final Event QUARTER = Event.of("E", new byte[(int) LIMIT / 4]);
        private static final Event HALF_A_QUARTER = Event.of("E", new byte[(int) LIMIT / 8]);
        private static final SessionOptions DROPPING = SessionOptions.builder()
                .maxBacklogBytes((int) LIMIT)
                .overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP)
                .build();

        private final TwoLanes lanes = new TwoLanes(builder -> builder.maxRetainedBytes(LIMIT));
        private final Session first = stalled(0);
        private final Session second = stalled(1);

        private Session stalled(int lane) {
            InMemoryClient client = lanes.connect(DROPPING, lane);
            client.stall();
            client.session().send(QUARTER);
            client.session().send(HALF_A_QUARTER);
            lanes.runBoth();
            return client.session();
        }

        @Actor
        public void growFirst() {
            first.send(QUARTER);
            lanes.run(0);
        }

        @Actor
        public void growSecond() {
            second.send(QUARTER);
            lanes.run(1);
        }

        @Arbiter
        public void rest(ZZ_Result r) {
            lanes.runBoth();
            long retained = lanes.engine.stats().retainedBytes();
            r.r1 = retained <= LIMIT;
            r.r2 = retained > LIMIT / 8;
        }
    }
}
