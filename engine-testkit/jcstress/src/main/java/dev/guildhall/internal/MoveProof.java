package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.memory.InMemoryClient;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What {@link Resumption} says of a session that moves to another lane while other threads use it. */
public final class MoveProof {
    private MoveProof() {}

    /** A session on the first lane of an engine, which comes back on the second. */
    abstract static class Moving {
        final TwoLanes lanes = new TwoLanes();
        final Guild guild = lanes.engine.guild("g");
        final InMemoryClient before = lanes.connect(SessionOptions.DEFAULT, 0);
        volatile @Nullable InMemoryClient after;

        Moving() {
            lanes.runBoth();
        }

        void move() {
            after = before.resume(lanes.lane(1));
            lanes.runBoth();
        }

        /** Events of the guild that came on either connection. */
        int received() {
            lanes.runBoth();
            return TwoLanes.count(before, "E") + TwoLanes.count(Objects.requireNonNull(after), "E");
        }
    }

    /** It subscribes meanwhile. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "what is published afterwards comes once")
    @Outcome(expect = FORBIDDEN, desc = "it is lost or comes twice")
    @State
    public static class SubscribeAgainstMove extends Moving {
        @Actor
        public void subscribe() {
            before.session().subscribe(guild);
        }

        @Actor
        public void resume() {
            move();
        }

        @Arbiter
        public void publish(I_Result r) {
            lanes.runBoth();
            guild.publish(TwoLanes.event());
            r.r1 = received();
        }
    }

    /** It subscribes meanwhile, and the same thread publishes at once. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "it comes once")
    @Outcome(expect = FORBIDDEN, desc = "it is lost or comes twice")
    @State
    public static class FirstEventAgainstMove extends Moving {
        @Actor
        public void subscribe() {
            before.session().subscribe(guild);
            guild.publish(TwoLanes.event());
        }

        @Actor
        public void resume() {
            move();
        }

        @Arbiter
        public void count(I_Result r) {
            r.r1 = received();
        }
    }

    /** Its guild publishes meanwhile. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both come once")
    @Outcome(expect = FORBIDDEN, desc = "one is lost or comes twice")
    @State
    public static class PublishAgainstMove extends Moving {
        public PublishAgainstMove() {
            before.session().subscribe(guild);
            lanes.runBoth();
        }

        @Actor
        public void publish() {
            guild.publish(TwoLanes.event());
            guild.publish(TwoLanes.event());
        }

        @Actor
        public void resume() {
            move();
        }

        @Arbiter
        public void count(I_Result r) {
            r.r1 = received();
        }
    }

    /** It leaves the guild meanwhile. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing comes afterwards")
    @Outcome(expect = FORBIDDEN, desc = "it is still in the guild")
    @State
    public static class UnsubscribeAgainstMove extends Moving {
        private final Subscription subscription = before.session().subscribe(guild);

        public UnsubscribeAgainstMove() {
            lanes.runBoth();
        }

        @Actor
        public void unsubscribe() {
            subscription.unsubscribe();
        }

        @Actor
        public void resume() {
            move();
        }

        @Arbiter
        public void publish(I_Result r) {
            lanes.runBoth();
            guild.publish(TwoLanes.event());
            r.r1 = received();
        }
    }

    /** It is sent something meanwhile. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "it comes once")
    @Outcome(expect = FORBIDDEN, desc = "it is lost or comes twice")
    @State
    public static class SendAgainstMove extends Moving {
        @Actor
        public void send() {
            before.session().send(TwoLanes.event());
        }

        @Actor
        public void resume() {
            move();
        }

        @Arbiter
        public void count(I_Result r) {
            r.r1 = received();
        }
    }
}
