package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.GuildOptions;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceOptions;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.memory.InMemoryTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A guild that fails while it has still to tell what it has accepted. */
class PresenceInFailingGuildTest {
    private static final int SEEDS = 200;

    private static final class Failing implements GuildHandler {
        @Override
        public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
            throw new IllegalStateException("on purpose");
        }
    }

    /** The order of the failure and of the announcements that wait in the mailbox is the seed's. */
    @Test
    void aGuildThatIsRevivedIsToldWhatItHadAcceptedAndCouldNotTell() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SeededExecutor executor = new SeededExecutor(seed);
            ManualClock clock = new ManualClock();
            InMemoryTransport transport = InMemoryTransport.create();
            Engine engine = Engine.builder()
                    .laneExecutors(List.of(executor.serial()))
                    .blockingExecutor(executor)
                    .clock(clock)
                    .transport(transport)
                    .presence(PresenceOptions.DEFAULT.withEncoder(ToldUsers.PLAIN))
                    .guildHandlers(id -> new Failing())
                    .guildOptions(GuildOptions.builder()
                            .maxRestarts(0, Duration.ofMinutes(1))
                            .build())
                    .open();
            Guild guild = engine.guild("g");
            ToldUsers told = new ToldUsers();
            SessionOptions watcher =
                    SessionOptions.builder().inline().status(Status.INVISIBLE).build();
            engine.openSession("watcher", watcher, told).subscribe(guild);
            Session leaving = transport.connect("leaving").session();
            Subscription subscription = leaving.subscribe(guild);
            tick(executor, clock);
            assertThat(told.present()).containsOnlyKeys("leaving");

            transport.connect("coming").session().subscribe(guild);
            executor.runAll();
            subscription.unsubscribe();
            executor.runAll();
            clock.advance(PresenceOptions.DEFAULT_TICK);
            guild.tryPublish(Event.of("E", "fails"));
            executor.runAll();
            assertThat(guild.isAvailable()).as("seed %d", seed).isFalse();
            assertThat(engine.revive("g")).isTrue();
            tick(executor, clock);
            tick(executor, clock);

            assertThat(told.present()).as("seed %d", seed).isEqualTo(Map.of("coming", "ONLINE:"));
            engine.drain();
            executor.runAll();
        }
    }

    private static void tick(SeededExecutor executor, ManualClock clock) {
        executor.runAll();
        clock.advance(PresenceOptions.DEFAULT_TICK);
        executor.runAll();
    }
}
