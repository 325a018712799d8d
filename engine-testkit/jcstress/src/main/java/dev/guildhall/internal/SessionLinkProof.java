package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.guildhall.CloseReason;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What {@link SessionLink} says of the transport's threads and the session's turn. */
public final class SessionLinkProof {
    private static final CloseReason GONE = new CloseReason(CloseReason.Kind.CLIENT_LEFT, "");

    private SessionLinkProof() {}

    private static SessionLink link() {
        LocalLane lane = Parts.lane(task -> {});
        LocalSession session = Parts.session(lane);
        return new SessionLink(session, new InlineConnection(event -> {}, lane));
    }

    /** Two threads of the transport acknowledge. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "the larger stays")
    @Outcome(expect = FORBIDDEN, desc = "the larger is lost")
    @State
    public static class AcknowledgeAgainstAcknowledge {
        private final SessionLink link = link();

        @Actor
        public void one() {
            link.acknowledged(1);
        }

        @Actor
        public void two() {
            link.acknowledged(2);
        }

        @Arbiter
        public void turn(J_Result r) {
            r.r1 = link.takeAcknowledged();
        }
    }

    /** A turn takes one number while the next is acknowledged. */
    @JCStressTest
    @Outcome(
            id = {"1, 2", "2, 0"},
            expect = ACCEPTABLE,
            desc = "the larger is taken by one of two turns")
    @Outcome(expect = FORBIDDEN, desc = "the larger is lost, or taken twice")
    @State
    public static class AcknowledgeAgainstTake {
        private final SessionLink link = link();

        public AcknowledgeAgainstTake() {
            link.acknowledged(1);
        }

        @Actor
        public void two() {
            link.acknowledged(2);
        }

        @Actor
        public void turn(JJ_Result r) {
            r.r1 = link.takeAcknowledged();
        }

        @Arbiter
        public void laterTurn(JJ_Result r) {
            r.r2 = link.takeAcknowledged();
        }
    }

    /** The client has said goodbye while a turn looks. */
    @JCStressTest
    @Outcome(
            id = {"false, false", "true, true", "false, true"},
            expect = ACCEPTABLE,
            desc = "it is gone for good, once it is gone")
    @Outcome(
            id = "true, false",
            expect = FORBIDDEN,
            desc = "it is kept for a client that has said it will not come back")
    @State
    public static class GoodbyeAgainstTurn {
        private final SessionLink link = link();

        @Actor
        public void goodbye() {
            link.closed(GONE);
        }

        @Actor
        public void turn(ZZ_Result r) {
            r.r1 = link.loss() != null;
            r.r2 = link.isGoodbye();
        }
    }

    /** A connection is lost while another thread gives the session a turn; the lane, on the transport's thread, takes its marks. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "the session has its turn before it, or walks look at links")
    @Outcome(expect = FORBIDDEN, desc = "walks write to a connection of which it was told that it is gone")
    @State
    public static class LossAgainstMark {
        private final LocalLane lane = Parts.lane(task -> {});
        private final LocalSession session = Parts.session(lane);
        private final SessionLink link = new SessionLink(session, new InlineConnection(event -> {}, lane));

        @Actor
        public void mark() {
            session.mark();
        }

        @Actor
        public void lost(Z_Result r) {
            link.lost(GONE);
            r.r1 = isSeen(lane);
        }
    }

    /** The same while another thread hands over something else. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "the session has its turn before it, or walks look at links")
    @Outcome(expect = FORBIDDEN, desc = "walks write to a connection of which it was told that it is gone")
    @State
    public static class LossAgainstOffer {
        private final LocalLane lane = Parts.lane(task -> {});
        private final SessionLink link = new SessionLink(Parts.session(lane), new InlineConnection(event -> {}, lane));

        @Actor
        public void offer() {
            lane.offer((LaneTask) on -> {});
        }

        @Actor
        public void lost(Z_Result r) {
            link.lost(GONE);
            r.r1 = isSeen(lane);
        }
    }

    private static boolean isSeen(LocalLane lane) {
        lane.takeMarks();
        return lane.mayHaveLoss() || lane.sessions.readyCount() > 0;
    }
}
