package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guilds begin with their first use, end when nobody uses them, and begin again. */
class GuildLifeTest {
    private final SeededExecutor executor = new SeededExecutor(5);
    private final ManualClock clock = new ManualClock();
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial(), executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .maxGuilds(2)
            .guildIdleTimeout(Duration.ofMinutes(1))
            .open();
    private final List<String> received = new ArrayList<>();

    @AfterEach
    void close() {
        engine.drain();
        executor.runAll();
    }

    private void passIdleTime() {
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(15));
            executor.runAll();
        }
    }

    private Subscription subscribe(Guild guild) {
        Session session = engine.openSession("ann", event -> received.add(event.text()));
        return session.subscribe(guild);
    }

    @Test
    void aGuildThatNobodyUsesEndsAndItsNextUseStartsItAnew() {
        Guild kept = engine.guild("a");
        kept.publish(Event.of("E", "1"));
        long epoch = kept.epoch();

        passIdleTime();

        assertThat(engine.stats().guilds()).isZero();
        assertThat(engine.stats().published()).isEqualTo(1);
        assertThat(engine.guild("a").epoch()).isGreaterThan(epoch);
        assertThat(kept.tryPublish(Event.of("E", "2"))).isEqualTo(Outcome.ORDERED);
        assertThat(engine.guild("a").nextOffset()).isEqualTo(1);
        assertThat(engine.stats().guilds()).isEqualTo(1);
    }

    @Test
    void aSubscriptionThroughAKeptGuildIsOneOfTheGuildThatIsActive() {
        Guild kept = engine.guild("a");
        passIdleTime();

        Subscription subscription = subscribe(kept);

        assertThat(subscription.outcome()).isEqualTo(Outcome.ORDERED);
        assertThat(subscription.session().subscription(kept)).isSameAs(subscription);
        assertThat(subscription.guild()).isSameAs(engine.guild("a"));
        kept.publish(Event.of("E", "hello"));
        executor.runAll();
        assertThat(received).containsExactly("hello");
    }

    @Test
    void aGuildWithSubscriptionsDoesNotEnd() {
        Guild guild = engine.guild("a");
        Subscription subscription = subscribe(guild);
        executor.runAll();

        passIdleTime();
        assertThat(engine.guild("a")).isSameAs(guild);

        subscription.unsubscribe();
        executor.runAll();
        passIdleTime();
        assertThat(engine.stats().guilds()).isZero();
    }

    @Test
    void whatIsOneGuildTooManyIsRefusedUntilThereIsRoom() {
        engine.guild("a");
        engine.guild("b");
        Guild third = engine.guild("c");

        assertThat(third.tryPublish(Event.of("E", "1"))).isEqualTo(Outcome.REFUSED);
        assertThat(third.publish(Event.of("E", "1")).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(subscribe(third).outcome()).isEqualTo(Outcome.REFUSED);

        passIdleTime();

        assertThat(subscribe(third).outcome()).isEqualTo(Outcome.ORDERED);
        assertThat(third.tryPublish(Event.of("E", "2"))).isEqualTo(Outcome.ORDERED);
        executor.runAll();
        assertThat(received).containsExactly("2");
    }

    @Test
    void everythingIsClosedInTheEnd() {
        Guild ended = engine.guild("b");
        passIdleTime();
        Guild active = engine.guild("a");

        engine.drain();
        executor.runAll();

        assertThat(active.tryPublish(Event.of("E", "1"))).isEqualTo(Outcome.CLOSED);
        assertThat(ended.tryPublish(Event.of("E", "1"))).isEqualTo(Outcome.CLOSED);
        assertThat(subscribe(ended).outcome()).isEqualTo(Outcome.CLOSED);
    }
}
