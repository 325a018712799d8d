package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.guildhall.PresenceOptions;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What {@link Presences} says of its one timer. */
public final class PresencesProof {
    private PresencesProof() {}

    /** A tick has gone off because a user has changed, and now takes what there is. */
    abstract static class Ticking {
        final Presences presences = new Presences(Parts.ENGINE, PresenceOptions.DEFAULT);

        Ticking() {
            presences.changed("ann");
        }

        /** Nothing waits, or a tick is expected, which will take it. */
        boolean isNothingForgotten() {
            String state = presences.toString();
            return state.equals("Presences[0 users changed, 0 guilds to be told]")
                    || state.endsWith(", a tick is expected]");
        }
    }

    /** Another user changes during the tick. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "this tick takes it, or another one is expected")
    @Outcome(expect = FORBIDDEN, desc = "nobody will look at the user")
    @State
    public static class ChangedAgainstTick extends Ticking {
        @Actor
        public void changed() {
            presences.changed("bob");
        }

        @Actor
        public void tick() {
            presences.tick();
        }

        @Arbiter
        public void look(Z_Result r) {
            r.r1 = isNothingForgotten();
        }
    }

    /** A guild is to be told from the tick on. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "this tick takes it, or another one is expected")
    @Outcome(expect = FORBIDDEN, desc = "nobody will tell the guild")
    @State
    public static class DueAgainstTick extends Ticking {
        private final GuildPresence guild = presences.of(Parts.guild(Parts.log()));

        @Actor
        public void due() {
            presences.due(guild);
        }

        @Actor
        public void tick() {
            presences.tick();
        }

        @Arbiter
        public void look(Z_Result r) {
            r.r1 = isNothingForgotten();
        }
    }
}
