package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What {@link GuildRegistry} says of look-ups against the end of idle guilds. */
public final class GuildRegistryProof {
    private static final String ID = "g";

    private GuildRegistryProof() {}

    /** Who looks a guild up and publishes gets an event into the guild that is found afterwards, and that goes on. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "it is in the active guild")
    @Outcome(expect = FORBIDDEN, desc = "it is in a guild that has ended, or that nobody finds")
    @State
    public static class PublishAgainstSweep {
        private final GuildRegistry registry = new GuildRegistry(Parts.ENGINE);
        private volatile @Nullable LocalGuild used;

        public PublishAgainstSweep() {
            registry.findOrStart(ID);
        }

        @Actor
        public void publish() {
            LocalGuild guild;
            do {
                guild = Objects.requireNonNull(registry.findOrStart(ID));
            } while (Parts.append(guild.log, Parts.event()) < 0);
            used = guild;
        }

        @Actor
        public void sweep() {
            registry.sweep();
        }

        @Arbiter
        public void found(ZZ_Result r) {
            LocalGuild found = registry.find(ID);
            r.r1 = found == used;
            r.r2 = found != null && !found.hasEnded();
        }
    }

    /** Two that start the same guild get the same one. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "one guild")
    @Outcome(expect = FORBIDDEN, desc = "two guilds of one id")
    @State
    public static class StartAgainstStart {
        private final GuildRegistry registry = new GuildRegistry(Parts.ENGINE);
        private volatile @Nullable LocalGuild ofFirst;
        private volatile @Nullable LocalGuild ofSecond;

        @Actor
        public void first() {
            ofFirst = registry.findOrStart(ID);
        }

        @Actor
        public void second() {
            ofSecond = registry.findOrStart(ID);
        }

        @Arbiter
        public void compare(Z_Result r) {
            r.r1 = ofFirst != null && ofFirst == ofSecond && ofFirst == registry.find(ID);
        }
    }
}
