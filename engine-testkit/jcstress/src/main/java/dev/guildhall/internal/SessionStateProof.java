package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.guildhall.CloseReason;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What {@link SessionState} says of its inbox, its mark and its end; the lane's side are the steps of a turn, in its order. */
public final class SessionStateProof {
    private static final CloseReason REASON = new CloseReason(CloseReason.Kind.REQUESTED, "proof");

    private SessionStateProof() {}

    /** A send during a turn is taken by it or marks the session for another one. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "taken by this turn")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "taken, and another turn has nothing to do")
    @Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "another turn takes it")
    @Outcome(expect = FORBIDDEN, desc = "it waits, and no turn comes")
    @State
    public static class SendAgainstTurn {
        private final LocalLane lane = Parts.lane(task -> {});
        private final LocalSession session = Parts.session(lane);

        public SendAgainstTurn() {
            session.mark();
        }

        @Actor
        public void send() {
            session.send(Parts.event());
        }

        @Actor
        public void turn(II_Result r) {
            session.unmark();
            r.r1 = session.takeSent().size();
        }

        @Arbiter
        public void marks(II_Result r) {
            r.r2 = lane.stats().waitingMarks();
        }
    }

    /** A send is taken by the last turn or answers CLOSED. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "sent before the end")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "accepted and left, or refused and taken")
    @State
    public static class SendAgainstEnd {
        private final LocalSession session = Parts.session(Parts.lane(task -> {}));

        @Actor
        public void send(ZI_Result r) {
            r.r1 = session.send(Parts.event()).isAccepted();
        }

        @Actor
        public void end(ZI_Result r) {
            session.close(REASON);
            r.r2 = session.takeLastSent().size();
        }
    }

    /** Two sends are in the inbox both. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both, with one mark")
    @Outcome(expect = FORBIDDEN, desc = "one is lost, or the session is in the lane's queue twice")
    @State
    public static class SendAgainstSend {
        private final LocalLane lane = Parts.lane(task -> {});
        private final LocalSession session = Parts.session(lane);

        @Actor
        public void first() {
            session.send(Parts.event());
        }

        @Actor
        public void second() {
            session.send(Parts.event());
        }

        @Arbiter
        public void marks(II_Result r) {
            r.r1 = session.takeSent().size();
            r.r2 = lane.stats().waitingMarks();
        }
    }

    /** The reason of a session's end is one, and does not change. */
    @JCStressTest
    @Outcome(
            id = {"true, true"},
            expect = ACCEPTABLE,
            desc = "both see the same reason")
    @Outcome(expect = FORBIDDEN, desc = "the reason was replaced")
    @State
    public static class CloseAgainstClose {
        private final LocalSession session = Parts.session(Parts.lane(task -> {}));
        private volatile @Nullable CloseReason seenByFirst;
        private volatile @Nullable CloseReason seenBySecond;

        @Actor
        public void first() {
            session.close(REASON);
            seenByFirst = session.closeReason();
        }

        @Actor
        public void second() {
            session.close(CloseReason.ENGINE_CLOSED);
            seenBySecond = session.closeReason();
        }

        @Arbiter
        public void compare(ZZ_Result r) {
            r.r1 = seenByFirst == session.closeReason();
            r.r2 = seenBySecond == session.closeReason();
        }
    }
}
