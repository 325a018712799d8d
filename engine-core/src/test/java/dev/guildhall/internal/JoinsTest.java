package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for its place in a slice, and from which offset on. */
class JoinsTest {
    private final LocalEngine engine = (LocalEngine) Engine.builder().lanes(1).open();
    private final LaneSessions sessions = engine.laneArray()[0].sessions;
    private final Joins joins = new Joins();
    private final LocalSubscription ann = subscription("ann");
    private final LocalSubscription bob = subscription("bob");

    @AfterEach
    void close() {
        engine.close();
    }

    private LocalSubscription subscription(String user) {
        return new LocalSubscription(
                (LocalSession) engine.openSession(user, event -> {}),
                (LocalGuild) engine.guild("g"),
                InterestSet.NOTHING);
    }

    private static Batch batch(long from, int count) {
        LogEvent[] events = new LogEvent[count];
        for (int i = 0; i < count; i++) {
            EventBody body = new EventBody("E", new byte[0], Delivery.RELIABLE);
            events[i] = new LogEvent(body, Address.EVERYBODY, new Incarnation("g", 1));
            events[i].offset = from + i;
        }
        Batch batch = new Batch();
        batch.take(events, count);
        return batch;
    }

    @Test
    void whoIsTakenOutHoldsNobodyUpAnyMore() {
        joins.add(ann, 3);
        joins.add(bob, 5);
        assertThat(joins.first()).isEqualTo(3);
        assertThat(joins.remove(ann)).isEqualTo(3);
        assertThat(joins.first()).isEqualTo(5);
        assertThat(joins.remove(ann)).isEqualTo(-1);
        assertThat(joins.remove(bob)).isEqualTo(5);
        assertThat(joins.first()).isEqualTo(Long.MAX_VALUE);
        assertThat(joins.remove(bob)).isEqualTo(-1);
    }

    @Test
    void whoIsNotHereIsAtItsFirstOffset() {
        ann.ordered(6);
        bob.ordered(1);
        joins.add(bob, 5);
        assertThat(joins.position(bob)).isEqualTo(5);
        assertThat(joins.position(ann)).isEqualTo(7);
    }

    @Test
    void whoLacksNothingBeforeTheOffsetIsDue() {
        joins.add(ann, 3);
        joins.add(bob, 4);
        List<Long> due = new ArrayList<>();
        joins.takeDue(3, (subscription, from) -> due.add(from));
        assertThat(due).containsExactly(3L);
        assertThat(joins.first()).isEqualTo(4);
    }

    @Test
    void whoWaitsIsServedWhatItLacksOfABatch() {
        ann.setPassive(true);
        bob.setPassive(true);
        joins.add(ann, 4);
        joins.add(bob, 6);
        joins.serve(batch(2, 4), 6, sessions);
        assertThat(joins.position(ann)).isEqualTo(6);
        assertThat(joins.position(bob)).isEqualTo(6);
        assertThat(joins.first()).isEqualTo(6);
        assertThat(Objects.requireNonNull(bob.unread).isEmpty()).isTrue();
        LogEvent summary = Objects.requireNonNull(ann.unread).take(Incarnation.NONE);
        assertThat(Objects.requireNonNull(summary).text()).endsWith("\"from\":4,\"to\":5,\"unread\":2}");
    }

    @Test
    void whoLacksOnlyWhatFollowsTheBatchStaysWhereItIs() {
        joins.add(ann, 9);
        joins.serve(batch(2, 4), 6, sessions);
        assertThat(joins.first()).isEqualTo(9);
    }

    @Test
    void whoIsOverIsServedNothing() {
        ann.setPassive(true);
        joins.add(ann, 4);
        ann.tryEnd();
        joins.serve(batch(2, 4), 6, sessions);
        assertThat(joins.position(ann)).isEqualTo(4);
        assertThat(Objects.requireNonNull(ann.unread).isEmpty()).isTrue();
    }
}
