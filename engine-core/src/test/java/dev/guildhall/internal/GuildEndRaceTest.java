package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.GuildHandler;
import dev.guildhall.Outcome;
import dev.guildhall.Subscription;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The moment at which a guild ends, met by a newcomer, again and again: two threads leave a barrier together and one of them waits for
 * a random number of spins, so that the newcomer's steps fall into every gap between those of the end.
 */
class GuildEndRaceTest {
    private static final int ROUNDS = 30_000;
    private static final int MAX_SPINS = 400;

    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(task -> {}))
            .blockingExecutor(task -> {})
            .open();

    private LocalEngine local() {
        return (LocalEngine) engine;
    }

    /** Ends the guild if it may end; what it saw before is what it sees now. */
    private static boolean end(LocalGuild guild) {
        return guild.tryRetire(Long.MAX_VALUE / 2, 1);
    }

    private interface Newcomer {
        @Nullable
        Subscription come(LocalGuild guild);
    }

    private void race(Newcomer newcomer, boolean isHeard) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        CyclicBarrier barrier = new CyclicBarrier(2);
        LocalGuild[] guild = new LocalGuild[1];
        int[] spins = new int[2];
        boolean[] ended = new boolean[1];
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                await(barrier);
                spin(spins[0]);
                ended[0] = end(guild[0]);
                await(barrier);
            }
        });
        int ends = 0;
        for (int i = 0; i < ROUNDS; i++) {
            guild[0] = (LocalGuild) engine.guild("g" + i);
            guild[0].tryRetire(0, Long.MAX_VALUE);
            spins[random.nextInt(2)] = random.nextInt(MAX_SPINS);
            await(barrier);
            spin(spins[1]);
            Subscription subscription = newcomer.come(guild[0]);
            await(barrier);
            ends += ended[0] ? 1 : 0;
            LocalGuild active = (LocalGuild) engine.guild("g" + i);
            assertThat(active.hasEnded()).as("seed %d, round %d", seed, i).isFalse();
            if (subscription != null) {
                assertThat(subscription.guild())
                        .as("seed %d, round %d", seed, i)
                        .isSameAs(active);
            }
            if (isHeard) {
                assertThat(active.nextOffset()).as("seed %d, round %d", seed, i).isEqualTo(1);
            }
        }
        ending.get(20, TimeUnit.SECONDS);
        assertThat(ends).as("ends of %d rounds", ROUNDS).isBetween(ROUNDS / 100, ROUNDS - ROUNDS / 100);
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoeverSubscribesIsInTheGuildThatGoesOn() throws Exception {
        race(
                guild -> {
                    Subscription subscription =
                            engine.openSession("u", event -> {}).subscribe(guild);
                    assertThat(subscription.outcome()).isEqualTo(Outcome.ORDERED);
                    return subscription;
                },
                true);
    }

    @Test
    void whatIsPublishedIsInTheGuildThatGoesOn() throws Exception {
        race(
                guild -> {
                    assertThat(guild.tryPublish(Event.of("E", "x"))).isEqualTo(Outcome.ORDERED);
                    return null;
                },
                true);
    }

    @Test
    void aGuildWithAHandlerEndsOnlyWithoutMembers() throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(2);
        Random random = new Random();
        LocalGuild[] guild = new LocalGuild[1];
        boolean[] ended = new boolean[1];
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                await(barrier);
                ended[0] = guild[0].tryRetireMembers();
                await(barrier);
            }
        });
        for (int i = 0; i < ROUNDS; i++) {
            GuildLog log = new GuildLog(64, local().config().clock(), 1, Runnable::run);
            guild[0] = new LocalGuild(local(), "h" + i, log, new GuildHandler() {}, null);
            int spins = random.nextInt(100);
            await(barrier);
            spin(spins);
            boolean joined = guild[0].tryJoin();
            await(barrier);
            assertThat(joined).isNotEqualTo(ended[0]);
        }
        ending.get(20, TimeUnit.SECONDS);
    }
}
