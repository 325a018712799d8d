package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Audience;
import dev.guildhall.Channels;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who of a guild gets an event. */
class AudienceTest {
    private static final int CAPACITY = 64;

    private final SeededExecutor executor = new SeededExecutor(7);
    private final ManualClock clock = new ManualClock();
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .logCapacity(CAPACITY)
            .open();
    private final Guild guild = engine.guild("g");
    private final List<String> received = new ArrayList<>();

    @AfterEach
    void close() {
        engine.drain();
        executor.runAll();
    }

    private Subscription subscribe(String user, Interests interests, boolean inline) {
        SessionOptions options = inline ? SessionOptions.DEFAULT.withInline() : SessionOptions.DEFAULT;
        Session session = engine.openSession(user, options, event -> received.add(user + ":" + event.text()));
        return session.subscribe(guild, interests);
    }

    private void publish(String text, Audience audience) {
        assertThat(guild.tryPublish(Event.of("E", text).to(audience))).isEqualTo(Outcome.ORDERED);
    }

    private Set<String> receivedNow() {
        executor.runAll();
        Set<String> now = new HashSet<>(received);
        received.clear();
        return now;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSubscriptionNeedsAllClassesAndThoseThatShareABitAreToldApart(boolean inline) {
        subscribe("none", Interests.of(), inline);
        subscribe("low", Interests.of(0, 62), inline);
        subscribe("high", Interests.of(0, 63, 1_000), inline);
        subscribe("other", Interests.of(0, 64), inline);
        subscribe("all", Interests.all(), inline);

        publish("0", Audience.classes(0));
        assertThat(receivedNow()).containsExactlyInAnyOrder("low:0", "high:0", "other:0", "all:0");
        publish("62", Audience.classes(0, 62));
        assertThat(receivedNow()).containsExactlyInAnyOrder("low:62", "all:62");
        publish("63", Audience.classes(63));
        assertThat(receivedNow()).containsExactlyInAnyOrder("high:63", "all:63");
        publish("64", Audience.classes(0, 64));
        assertThat(receivedNow()).containsExactlyInAnyOrder("other:64", "all:64");
        publish("both", Audience.classes(63, 1_000));
        assertThat(receivedNow()).containsExactlyInAnyOrder("high:both", "all:both");
        publish("everybody", Audience.all());
        assertThat(receivedNow()).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void usersGetItInAllTheirSessionsWhateverTheirInterests(boolean inline) {
        subscribe("ann", Interests.of(), inline);
        Subscription second = subscribe("ann", Interests.all(), !inline);
        subscribe("bob", Interests.all(), inline);
        publish("1", Audience.users(List.of("ann", "nobody")));
        executor.runAll();
        assertThat(received).containsExactly("ann:1", "ann:1");
        received.clear();

        second.unsubscribe();
        subscribe("eve", Interests.of(), inline);
        publish("2", Audience.users(List.of("ann", "eve")));
        assertThat(receivedNow()).containsExactlyInAnyOrder("ann:2", "eve:2");
        publish("3", Audience.users(List.of()));
        assertThat(receivedNow()).isEmpty();
    }

    @Test
    void aChannelIsForThoseWithARoleAndNobodyElse() {
        Channels channels = guild.channels();
        assertThat(channels.define("lobby", Set.of("member", "mod"))).isEqualTo(Outcome.ORDERED);
        assertThat(channels.define("mods", Set.of("mod"))).isEqualTo(Outcome.ORDERED);
        assertThat(channels.define("nobody", Set.of())).isEqualTo(Outcome.ORDERED);
        subscribe("member", channels.interestsOf(Set.of("member"), Interests.of(5)), true);
        subscribe("mod", channels.interestsOf(Set.of("mod", "member"), Interests.of()), true);

        publish("1", Audience.channel("lobby"));
        assertThat(receivedNow()).containsExactlyInAnyOrder("member:1", "mod:1");
        publish("2", Audience.channel("mods"));
        assertThat(receivedNow()).containsExactly("mod:2");
        publish("3", Audience.channel("lobby", 5));
        assertThat(receivedNow()).containsExactly("member:3");
        publish("4", Audience.channel("nobody"));
        assertThat(receivedNow()).isEmpty();
        channels.define("lobby", Set.of("mod"));
        publish("5", Audience.channel("lobby"));
        assertThat(receivedNow()).containsExactly("mod:5");
    }

    @Test
    void anUnknownChannelIsRefusedAndReachesNobody() {
        subscribe("all", Interests.all(), true);
        guild.channels().define("known", Set.of("r"));
        Event event = Event.of("E", "secret").to(Audience.channel("unknown"));
        assertThat(guild.tryPublish(event)).isEqualTo(Outcome.REFUSED);
        assertThat(guild.publish(event).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(guild.channels().remove("known")).isTrue();
        assertThat(guild.tryPublish(event.to(Audience.channel("known")))).isEqualTo(Outcome.REFUSED);
        assertThat(engine.guild("other").tryPublish(event)).isEqualTo(Outcome.REFUSED);
        assertThat(receivedNow()).isEmpty();
    }

    @Test
    void channelsWithTheSameRolesShareAClassAndClassesAreNeverGivenToOthers() {
        Channels channels = guild.channels();
        channels.define("a", Set.of("r"));
        Interests old = channels.interestsOf(Set.of("r"), Interests.of());
        channels.define("b", Set.of("r"));
        assertThat(channels.interestsOf(Set.of("r"), Interests.of())).isEqualTo(old);
        channels.remove("a");
        channels.remove("b");
        for (int i = 0; i < 100; i++) {
            channels.define("c" + i, Set.of("role " + i));
        }
        subscribe("stale", old, true);
        for (int i = 0; i < 100; i++) {
            publish("secret", Audience.channel("c" + i));
            assertThat(receivedNow()).isEmpty();
        }
    }

    @Test
    void tooMuchAndWrongInputIsToldWithTheBound() {
        Event event = Event.of("E", "x");
        assertThatThrownBy(() -> event.needing(1L << 63)).hasMessageContaining("bit 63");
        assertThatThrownBy(() -> Interests.of(-1)).hasMessageContaining("between 0 and 65535, was -1");
        assertThatThrownBy(() -> Interests.of(65_536)).hasMessageContaining("was 65536");
        assertThatThrownBy(() -> Audience.classes(70_000)).hasMessageContaining("was 70000");
        int[] tooMany = IntStream.range(0, 65).toArray();
        assertThatThrownBy(() -> Audience.classes(tooMany)).hasMessageContaining("at most 64 classes, had 65");
        List<String> crowd =
                IntStream.range(0, 1_025).mapToObj(Integer::toString).toList();
        assertThatThrownBy(() -> Audience.users(crowd)).hasMessageContaining("at most 1024 users, had 1025");
        assertThatThrownBy(() -> event.mentioning(crowd)).hasMessageContaining("at most 1024 users, had 1025");
        assertThatThrownBy(() -> Audience.channel("")).hasMessageContaining("had 0");
        assertThatThrownBy(() -> guild.channels().define("x".repeat(10_000), Set.of()))
                .hasMessageContaining("had 10000");
        assertThat(Interests.ofMask(1L << 63)).isEqualTo(Interests.of());
        assertThat(Interests.ofMask(-1L)).isEqualTo(Interests.all());
        for (int i = 0; i < Channels.MAX_CHANNELS; i++) {
            assertThat(guild.channels().define("c" + i, Set.of("r"))).isEqualTo(Outcome.ORDERED);
        }
        assertThat(guild.channels().define("one more", Set.of("r"))).isEqualTo(Outcome.REFUSED);
        assertThat(guild.channels().define("c0", Set.of("s"))).isEqualTo(Outcome.ORDERED);
    }

    @Test
    void newInterestsHoldFromOnePlaceInTheGuildsOrderOn() {
        subscribe("ann", Interests.of(1), true);
        Subscription second = subscribe("ann", Interests.of(1), false);
        subscribe("bob", Interests.of(1), true);
        publish("1", Audience.classes(1));
        assertThat(guild.setInterests("ann", Interests.of(2))).isEqualTo(Outcome.ORDERED);
        publish("2", Audience.classes(1));
        publish("3", Audience.classes(2));
        assertThat(second.setInterests(Interests.all())).isEqualTo(Outcome.ORDERED);
        publish("4", Audience.classes(1));
        executor.runAll();
        assertThat(received)
                .containsExactlyInAnyOrder("ann:1", "ann:1", "bob:1", "bob:2", "ann:3", "ann:3", "ann:4", "bob:4");
        assertThat(second.interests()).isEqualTo(Interests.all());
        second.unsubscribe();
        assertThat(second.setInterests(Interests.of())).isEqualTo(Outcome.CLOSED);
        assertThat(second.setMode(Subscription.Mode.PASSIVE).outcome()).isEqualTo(Outcome.CLOSED);
    }

    @Test
    void aKickEndsAUsersSubscriptionsAtItsPlaceAndTheUserMayComeBack() {
        Subscription first = subscribe("ann", Interests.all(), true);
        Subscription second = subscribe("ann", Interests.of(), false);
        subscribe("bob", Interests.all(), true);
        executor.runAll();
        publish("1", Audience.all());
        publish("gone", Audience.users(List.of("ann")));
        assertThat(guild.kick("ann")).isEqualTo(Outcome.ORDERED);
        publish("2", Audience.all());
        Subscription again = second.session().subscribe(guild, Interests.all());
        assertThat(again).isNotSameAs(second);
        publish("3", Audience.all());

        executor.runAll();

        assertThat(received)
                .containsExactlyInAnyOrder(
                        "ann:1", "ann:gone", "ann:1", "ann:gone", "ann:3", "bob:1", "bob:2", "bob:3");
        assertThat(first.session().subscription(guild)).isNull();
        assertThat(second.session().subscription(guild)).isSameAs(again);
        assertThat(guild.subscriptionCount()).isEqualTo(2);
        assertThat(guild.kick("nobody")).isEqualTo(Outcome.ORDERED);
    }

    @Test
    void aKickHoldsForALaneThatWasLapped() {
        Subscription ann = subscribe("ann", Interests.all(), true);
        executor.runAll();
        guild.kick("ann");
        guild.kick("ann");
        lap();
        executor.runAll();
        publish("after", Audience.users(List.of("ann")));
        publish("after", Audience.all());
        executor.runAll();
        assertThat(received).noneMatch(text -> text.endsWith("after"));
        assertThat(ann.session().subscription(guild)).isNull();
        assertThat(guild.subscriptionCount()).isZero();
    }

    @Test
    void aLaneThatWasLappedUsesNoOldInterests() {
        subscribe("revoked", Interests.of(1), true);
        subscribe("kept", Interests.of(1), true);
        subscribe("granted", Interests.of(), true);
        executor.runAll();
        guild.setInterests("revoked", Interests.of());
        guild.setInterests("granted", Interests.of(1));
        lap();
        executor.runAll();
        publish("secret", Audience.classes(1));
        executor.runAll();
        assertThat(received.stream().filter(text -> !text.contains("lost")))
                .containsExactlyInAnyOrder("kept:secret", "granted:secret");
        assertThat(received).hasSize(5); // and a gap for each
    }

    @Test
    void whoeverMayHaveBeenRevokedByAForgottenChangeGetsNothingUntilItIsDecidedAgain() {
        subscribe("revoked", Interests.of(1), true);
        executor.runAll();
        guild.setInterests("revoked", Interests.of());
        lap(); // from now on the log does not wait for the lane
        for (int i = 0; i < 20_000; i++) {
            guild.setInterests("user " + i, Interests.of(1));
        }
        executor.runAll();
        received.clear();
        publish("secret", Audience.classes(1));
        publish("public", Audience.all());
        assertThat(receivedNow()).containsExactly("revoked:public");

        guild.setInterests("revoked", Interests.of(1));
        publish("again", Audience.classes(1));
        executor.runAll();
        assertThat(received).hasSize(2).last().isEqualTo("revoked:again");
        assertThat(received.getFirst()).contains("\"lost\":2");
    }

    /** Fills the log until it does not wait for the lane any more, and once over. */
    private void lap() {
        for (int i = 0; i < 2 * CAPACITY; i++) {
            while (guild.tryPublish(Event.of("E", "lost").needing(1L << 40)) == Outcome.BACK_PRESSURED) {
                clock.advance(Duration.ofSeconds(1));
            }
        }
    }
}
