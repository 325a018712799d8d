package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A lane that stands still: the guild goes on without it, and its sessions are told what they lost. */
class LaneStallTest {
    private static final int CAPACITY = 64;

    private final ManualClock clock = new ManualClock();
    private final SeededExecutor stuck = new SeededExecutor(1);
    private final SeededExecutor running = new SeededExecutor(2);
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(stuck.serial(), running.serial()))
            .blockingExecutor(running)
            .clock(clock)
            .logCapacity(CAPACITY)
            .laneStallLimit(Duration.ofSeconds(1))
            .open();
    private final Guild guild = engine.guild("g");
    private final List<Event> slow = new ArrayList<>();
    private final List<Event> quick = new ArrayList<>();

    @Test
    void aStuckLaneIsLappedAfterItsLimitAndToldTheGap() {
        Subscription subscription = inline(slow).subscribe(guild);
        inline(quick).subscribe(guild);
        stuck.runAll();
        publishUntilFull();
        assertThat(guild.tryPublish(Event.of("E", "refused"))).isEqualTo(Outcome.BACK_PRESSURED);
        clock.advance(Duration.ofMillis(999));
        assertThat(guild.tryPublish(Event.of("E", "refused"))).isEqualTo(Outcome.BACK_PRESSURED);
        clock.advance(Duration.ofMillis(1));
        assertThat(guild.tryPublish(Event.of("E", "after the limit"))).isEqualTo(Outcome.ORDERED);
        long end = guild.nextOffset();
        running.runAll();
        assertThat(quick).hasSize(CAPACITY + 1);

        stuck.runAll();
        assertThat(slow).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(Event.GAP);
            assertThat(event.text())
                    .isEqualTo("{\"guild_id\":\"g\",\"epoch\":%d,\"from\":%d,\"to\":%d,\"lost\":%d}"
                            .formatted(guild.epoch(), subscription.firstOffset() + 1, end - 1, CAPACITY + 1));
        });
        assertThat(engine.stats().gaps()).isEqualTo(CAPACITY + 1);

        assertThat(guild.tryPublish(Event.of("E", "again"))).isEqualTo(Outcome.ORDERED);
        stuck.runAll();
        assertThat(slow.getLast().text()).isEqualTo("again");
    }

    @Test
    void aSubscriptionWhoseEntryWasJumpedOverBeginsAllTheSame() {
        inline(slow).subscribe(guild);
        inline(quick).subscribe(guild);
        Session late = inline(slow);
        stuck.runAll();
        Subscription subscription = late.subscribe(guild);
        publishUntilFull();
        clock.advance(Duration.ofSeconds(1));
        publishUntilFull(2 * CAPACITY);
        stuck.runAll();
        assertThat(slow).hasSize(2).allSatisfy(event -> assertThat(event.type()).isEqualTo(Event.GAP));
        assertThat(slow.getLast().text()).contains("\"from\":" + subscription.firstOffset() + ",");

        guild.tryPublish(Event.of("E", "again"));
        stuck.runAll();
        assertThat(slow.getLast().text()).isEqualTo("again");
        subscription.unsubscribe();
        stuck.runAll();
        assertThat(guild.subscriptionCount()).isEqualTo(2);
    }

    @Test
    void aSubscriptionThatEndedBeforeItsEntryWasJumpedOverLeavesNothingBehind() {
        inline(slow).subscribe(guild);
        inline(quick).subscribe(guild);
        Session left = inline(slow);
        inline(quick);
        Session closed = inline(slow);
        stuck.runAll();
        left.subscribe(guild).unsubscribe();
        closed.subscribe(guild);
        closed.close(CloseReason.REQUESTED);
        publishUntilFull();
        clock.advance(Duration.ofSeconds(1));
        publishUntilFull(2 * CAPACITY);
        stuck.runAll();
        assertThat(guild.subscriptionCount()).isEqualTo(2);
        assertThat(slow).allSatisfy(event -> assertThat(event.type()).isEqualTo(Event.GAP));
    }

    @Test
    void aSessionThatLeavesAndSubscribesAgainWhileItsLaneStandsStillIsToldOfALossOnce() {
        Session session = inline(slow);
        Subscription former = session.subscribe(guild);
        inline(quick).subscribe(guild);
        stuck.runAll();
        publishUntilFull();
        clock.advance(Duration.ofSeconds(1));
        publishUntilFull(CAPACITY / 2);
        former.unsubscribe();
        Subscription again = session.subscribe(guild);
        publishUntilFull(CAPACITY / 4);
        long end = guild.nextOffset();

        stuck.runAll();
        assertThat(slow)
                .singleElement()
                .satisfies(event -> assertThat(event.text())
                        .contains("\"from\":%d,\"to\":%d,".formatted(again.firstOffset(), end - 1)));
        assertThat(guild.subscriptionCount()).isEqualTo(2);
    }

    private void publishUntilFull(int most) {
        for (int i = 0; i < most && guild.tryPublish(Event.of("E", "x")) == Outcome.ORDERED; i++) {
            running.runAll();
        }
    }

    private void publishUntilFull() {
        while (guild.tryPublish(Event.of("E", "x")) == Outcome.ORDERED) {
            running.runAll();
        }
    }

    /** Sessions go to the lanes in turn: the first, the third and so on to the stuck one. */
    private Session inline(List<Event> into) {
        return engine.openSession("s", SessionOptions.DEFAULT.withInline(), into::add);
    }
}
