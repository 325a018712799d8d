package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What {@link GuildLane} says of its dirty flag. */
public final class GuildLaneProof {
    private GuildLaneProof() {}

    /**
     * An event that is published while the lane cleans the flag is walked, because of either of them and not of both. The
     * publisher's fence and mark are a copy of what {@link GuildOrder#markLanes} does for one lane.
     */
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the publisher hands the guild over")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the lane goes on")
    @Outcome(expect = FORBIDDEN, desc = "the event waits for the next one, or the guild is in the lane's queue twice")
    @State
    public static class PublishAgainstClean {
        private final GuildLog log = Parts.log();
        private final GuildLane guildLane = Parts.guildLane(log);

        public PublishAgainstClean() {
            guildLane.reserve(Parts.session(guildLane.lane));
            guildLane.markDirty();
        }

        @Actor
        public void publisher(ZZ_Result r) {
            Parts.append(log, Parts.event());
            VarHandle.fullFence();
            r.r1 = guildLane.markDirty();
        }

        @Actor
        public void lane(ZZ_Result r) {
            r.r2 = guildLane.hasMoreOrClean();
        }
    }
}
