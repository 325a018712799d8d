package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Audience;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.Subscription.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions that get mentions and a summary instead of the stream. */
class PassiveTest {
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final SeededExecutor executor = new SeededExecutor(3);
    private final ManualClock clock = new ManualClock();
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .open();
    private final Guild guild = engine.guild("g");
    private final List<Event> received = new ArrayList<>();

    @AfterEach
    void close() {
        engine.drain();
        executor.runAll();
    }

    private Subscription subscribe(String user, Interests interests) {
        return engine.openSession(user, SessionOptions.DEFAULT.withInline(), received::add)
                .subscribe(guild, interests);
    }

    private void publish(Event event) {
        assertThat(guild.tryPublish(event)).isEqualTo(Outcome.ORDERED);
    }

    private List<Event> receivedNow() {
        executor.runAll();
        List<Event> now = List.copyOf(received);
        received.clear();
        return now;
    }

    private String unread(long from, long to, long count) {
        return "{\"guild_id\":\"g\",\"epoch\":%d,\"from\":%d,\"to\":%d,\"unread\":%d}"
                .formatted(guild.epoch(), from, to, count);
    }

    @Test
    void getsOneSummaryAPeriodInsteadOfTheStreamAndTheStreamGoesOnAtAnExactOffset() {
        Subscription subscription = subscribe("ann", Interests.of(1));
        Subscription.ModeChange passive = subscription.setMode(Mode.PASSIVE);
        assertThat(passive).isEqualTo(new Subscription.ModeChange(Outcome.ORDERED, subscription.firstOffset() + 1));
        publish(Event.of("E", "1").needing(0b10));
        publish(Event.of("E", "not for it").needing(0b100));
        publish(Event.of("E", "2").needing(0b10));
        assertThat(receivedNow()).isEmpty();
        clock.advance(PERIOD.minusMillis(1));
        assertThat(receivedNow()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(receivedNow()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(Event.UNREAD);
            assertThat(event.text()).isEqualTo(unread(passive.offset(), passive.offset() + 2, 2));
        });

        clock.advance(PERIOD.multipliedBy(3));
        assertThat(receivedNow()).isEmpty();

        publish(Event.of("E", "3"));
        Subscription.ModeChange active = subscription.setMode(Mode.ACTIVE);
        publish(Event.of("E", "4"));
        assertThat(active.offset()).isEqualTo(guild.nextOffset() - 1);
        List<Event> now = receivedNow();
        assertThat(now).hasSize(2);
        assertThat(now.getFirst().text()).isEqualTo(unread(active.offset() - 2, active.offset() - 2, 1));
        assertThat(now.getLast().offset()).isEqualTo(active.offset());
        clock.advance(PERIOD);
        assertThat(receivedNow()).isEmpty();
    }

    @Test
    void getsWhatMentionsOrAddressesItsUserButNoChannelThatItMayNotSee() {
        guild.channels().define("open", Set.of("member"));
        guild.channels().define("closed", Set.of("mod"));
        Interests member = guild.channels().interestsOf(Set.of("member"), Interests.of());
        subscribe("ann", member).setMode(Mode.PASSIVE);
        subscribe("bob", member).setMode(Mode.PASSIVE);
        publish(Event.of("E", "open").to(Audience.channel("open")).mentioning(List.of("ann")));
        publish(Event.of("E", "closed").to(Audience.channel("closed")).mentioning(List.of("ann")));
        publish(Event.of("E", "direct").to(Audience.users(List.of("ann"))));
        assertThat(receivedNow()).extracting(Event::text).containsExactly("open", "direct");
    }

    @Test
    void thoseWithTheSameInterestsShareOneSummary() {
        for (int i = 0; i < 10; i++) {
            subscribe("user " + i, Interests.of(i % 2)).setMode(Mode.PASSIVE);
        }
        executor.runAll();
        publish(Event.of("E", "for all"));
        publish(Event.of("E", "for half").needing(0b10));
        executor.runAll();
        clock.advance(PERIOD);
        List<Event> summaries = receivedNow();
        assertThat(summaries).hasSize(10);
        assertThat(summaries.stream().distinct()).hasSize(2); // events are compared by identity
        assertThat(summaries)
                .extracting(event -> event.text().endsWith("\"unread\":2}"))
                .contains(true, false);
    }

    @Test
    void whoBecomesPassiveInTheMiddleOfAPeriodIsToldOfItsPart() {
        subscribe("early", Interests.all()).setMode(Mode.PASSIVE);
        publish(Event.of("E", "1"));
        Subscription late = subscribe("late", Interests.all());
        late.setMode(Mode.PASSIVE);
        publish(Event.of("E", "2"));
        executor.runAll();
        clock.advance(PERIOD);
        assertThat(receivedNow())
                .extracting(event -> event.text().replaceAll(".*unread\":", ""))
                .containsExactlyInAnyOrder("2}", "1}");
        publish(Event.of("E", "3"));
        executor.runAll();
        clock.advance(PERIOD);
        assertThat(receivedNow().stream().distinct()).hasSize(1);
    }

    @Test
    void newInterestsCountFromTheirPlaceOn() {
        Subscription subscription = subscribe("ann", Interests.of(1));
        subscription.setMode(Mode.PASSIVE);
        publish(Event.of("E", "1").needing(0b10));
        guild.setInterests("ann", Interests.of());
        publish(Event.of("E", "2").needing(0b10));
        executor.runAll();
        clock.advance(PERIOD);
        assertThat(receivedNow())
                .singleElement()
                .satisfies(event -> assertThat(event.text()).endsWith(":1}"));
    }
}
