package dev.guildhall.internal;

import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Looking a guild up against its end. A sweep ends an idle guild at once here, so every schedule of a few look-ups, publishes,
 * subscribes and sweeps meets the moments that matter. What must hold in any order: whatever is published is ordered, by name or
 * through a guild that was kept; and whoever has subscribed is in the guild that is found by its name, which goes on.
 *
 * <p>Not claimed: that {@link Guild#nextOffset} of a kept guild is that of its successor.
 */
public class GuildLookupLincheckTest {
    private static final Event EVENT = Event.of("E", "x");

    private final LocalEngine engine = (LocalEngine) Engine.builder()
            .laneExecutors(List.of(task -> {}))
            .blockingExecutor(task -> {})
            .clock(new StillClock())
            .guildIdleTimeout(Duration.ofMillis(1))
            .open();
    private final LocalGuild kept = (LocalGuild) engine.guild("g");
    private final Queue<Subscription> subscriptions = new ConcurrentLinkedQueue<>();

    /** Each look at the clock finds the idle time over. */
    private static final class StillClock implements EngineClock {
        private volatile long now;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only has to go on
        public long nanoTime() {
            now += 1_000_000_000L;
            return now;
        }

        @Override
        public long epochMillis() {
            return 1;
        }

        @Override
        public void schedule(Duration delay, Runnable task) {}
    }

    @Operation
    public Outcome publishByName() {
        return engine.guild("g").tryPublish(EVENT);
    }

    @Operation
    public Outcome publishThroughKept() {
        return kept.tryPublish(EVENT);
    }

    @Operation
    public Outcome subscribe() {
        Subscription subscription = engine.openSession("u", event -> {}).subscribe(kept);
        subscriptions.add(subscription);
        return subscription.outcome();
    }

    /** Whether everybody who has subscribed is in the guild that is found by its name. */
    @Operation
    public boolean everybodyIsInTheActiveGuild() {
        LocalGuild active = (LocalGuild) engine.guild("g");
        boolean all = subscriptions.stream().allMatch(subscription -> subscription.guild() == active);
        return all && (subscriptions.isEmpty() || !active.hasEnded());
    }

    /** The first sweep sees what there is, the second one ends who has not moved since. */
    @Operation
    public void sweep() {
        engine.guilds().sweep();
        engine.guilds().sweep();
    }

    @Test
    void nobodyEndsUpInAGuildThatHasEnded() {
        new StressOptions()
                .iterations(8)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(3)
                .check(getClass());
    }
}
