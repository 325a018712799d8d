package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Delivery;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.OverflowPolicy;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An event larger than a session may hold: refused where it is sent, a GAP where it is published, and nothing else happens. */
class LargeEventTest {
    private static final int MAX_BYTES = 4_096;
    private static final Delivery LATEST = Delivery.latest("k");
    private static final Delivery EPHEMERAL = Delivery.ephemeral(Duration.ofSeconds(5));

    private final TwoLanes lanes = new TwoLanes();

    static Stream<Arguments> policiesAndDeliveries() {
        return Stream.of(OverflowPolicy.values())
                .flatMap(policy -> Stream.of(Delivery.RELIABLE, LATEST, EPHEMERAL)
                        .map(delivery -> Arguments.of(policy, delivery)));
    }

    private static SessionOptions options(OverflowPolicy policy) {
        return SessionOptions.builder()
                .maxBacklogBytes(MAX_BYTES)
                .overflow(policy)
                .build();
    }

    private static Event large(Delivery delivery) {
        return Event.of("E", "x".repeat(MAX_BYTES)).withDelivery(delivery);
    }

    /** Too large for a client that is away, too, for which the bound is doubled. */
    private static Event twiceAsLarge(Delivery delivery) {
        return Event.of("E", "x".repeat(2 * MAX_BYTES)).withDelivery(delivery);
    }

    @ParameterizedTest
    @MethodSource("policiesAndDeliveries")
    void anAttachedClientIsToldOfAReliableOne(OverflowPolicy policy, Delivery delivery) {
        InMemoryClient client = lanes.subscribed(options(policy), 0);
        assertThat(client.session().send(large(delivery))).isEqualTo(Outcome.REFUSED);
        lanes.publish(1);
        assertThat(lanes.guild.tryPublish(large(delivery))).isEqualTo(Outcome.ORDERED);
        lanes.publish(1);
        assertThat(lanes.types(client)).isEqualTo(expected(delivery));
        assertThat(client.closed()).isNotDone();
        checkLost(delivery);
    }

    @ParameterizedTest
    @MethodSource("policiesAndDeliveries")
    void aClientThatIsAwayIsToldWhenItComesBack(OverflowPolicy policy, Delivery delivery) {
        InMemoryClient client = lanes.subscribed(options(policy), 0);
        client.disconnect();
        lanes.runAll();
        assertThat(client.session().send(twiceAsLarge(delivery))).isEqualTo(Outcome.REFUSED);
        lanes.publish(1);
        assertThat(lanes.guild.tryPublish(twiceAsLarge(delivery))).isEqualTo(Outcome.ORDERED);
        lanes.publish(1);
        lanes.runAll();
        assertThat(client.session().isOpen()).isTrue();
        List<String> expected = new ArrayList<>(expected(delivery));
        expected.add(Event.RESUMED);
        assertThat(lanes.types(lanes.resume(client, 1))).isEqualTo(expected);
        checkLost(delivery);
    }

    @ParameterizedTest
    @MethodSource("policiesAndDeliveries")
    void aSubscriberInTheProcessIsToldLikeAClient(OverflowPolicy policy, Delivery delivery) {
        List<String> types = new ArrayList<>();
        Session session = lanes.engine.openSession("s", options(policy), event -> types.add(event.type()));
        session.subscribe(lanes.guild);
        lanes.runAll();
        assertThat(session.send(large(delivery))).isEqualTo(Outcome.REFUSED);
        lanes.publish(1);
        assertThat(lanes.guild.tryPublish(large(delivery))).isEqualTo(Outcome.ORDERED);
        lanes.publish(1);
        lanes.runAll();
        assertThat(types).isEqualTo(expected(delivery));
        assertThat(session.isOpen()).isTrue();
        checkLost(delivery);
    }

    /** Nothing is kept for it, so nothing is too large. */
    @ParameterizedTest
    @MethodSource("policiesAndDeliveries")
    void anInlineSubscriberGetsWhatIsPublished(OverflowPolicy policy, Delivery delivery) {
        List<String> types = new ArrayList<>();
        Session session = lanes.engine.openSession("s", options(policy).withInline(), event -> types.add(event.type()));
        session.subscribe(lanes.guild);
        lanes.runAll();
        assertThat(session.send(large(delivery))).isEqualTo(Outcome.REFUSED);
        assertThat(lanes.guild.tryPublish(large(delivery))).isEqualTo(Outcome.ORDERED);
        lanes.publish(1);
        lanes.runAll();
        assertThat(types).containsExactly("E", "E");
        EngineStats stats = lanes.drain();
        assertThat(stats.dropped()).isZero();
        assertThat(stats.gaps()).isZero();
    }

    private static List<String> expected(Delivery delivery) {
        return delivery == EPHEMERAL ? List.of("E", "E") : List.of("E", Event.GAP, "E");
    }

    private void checkLost(Delivery delivery) {
        EngineStats stats = lanes.drain();
        assertThat(stats.dropped()).isEqualTo(1);
        assertThat(stats.gaps()).isEqualTo(delivery == EPHEMERAL ? 0 : 1);
    }
}
