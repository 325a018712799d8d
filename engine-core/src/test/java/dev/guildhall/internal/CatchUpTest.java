package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Subscription.Mode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a subscription is given that comes to another lane and is behind there. */
class CatchUpTest {
    private final Engine engine = Engine.builder().lanes(1).open();
    private final GuildLog log = new GuildLog(128, EngineClock.SYSTEM, 1_000_000_000, Runnable::run);
    private final Decisions decisions = new Decisions();
    private final LocalSubscription subscription = new LocalSubscription(
            (LocalSession) engine.openSession("ann", event -> {}), (LocalGuild) engine.guild("g"), InterestSet.of(1));
    private final Control.Target target = new Control.Target(subscription);

    @AfterEach
    void close() {
        engine.close();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            EventBody body = new EventBody("E", new byte[0], Delivery.RELIABLE);
            LogEvent event = new LogEvent(body, Address.EVERYBODY, new Incarnation("g", 1));
            event.offset = log.claim();
            log.store(event.offset, event);
        }
    }

    private void decide(Control.Change change) {
        decisions.append(log, change, null);
    }

    private CatchUp catchUp(long from) {
        return CatchUp.read(log, subscription, from, log.end());
    }

    private static List<String> texts(CatchUp catchUp) {
        assertThat(catchUp.state()).isEqualTo(CatchUp.State.COMPLETE);
        return catchUp.events().stream()
                .map(event -> event instanceof GapNotice gap
                        ? gap.from + "-" + gap.offset + ":" + gap.lost
                        : event.type() + event.offset)
                .toList();
    }

    @Test
    void readsWhatIsThere() {
        publish(3);
        assertThat(texts(catchUp(1))).containsExactly("E1", "E2");
        log.claim();
        assertThat(catchUp(1).state()).isEqualTo(CatchUp.State.NOT_YET);
    }

    @Test
    void whatTheLogHasOverwrittenIsLost() {
        publish(300);
        assertThat(CatchUp.read(log, subscription, 171, 180).state()).isEqualTo(CatchUp.State.LOST);
        assertThat(CatchUp.read(log, subscription, 172, 300).state()).isEqualTo(CatchUp.State.COMPLETE);
        assertThat(CatchUp.read(log, subscription, 171, 300).state()).isEqualTo(CatchUp.State.LOST);
    }

    @Test
    void whoWasClosedIsToldWhenItsInterestsAreCertainAgain() {
        publish(2);
        decide(Control.Change.ofAll("ann", InterestSet.of(2)));
        publish(1);
        decide(Control.Change.ofAll("ann", InterestSet.of(3)));
        subscription.close(0);
        CatchUp caughtUp = catchUp(1);
        assertThat(texts(caughtUp)).containsExactly("E1", "0-1:2", "E3");
        caughtUp.apply();
        assertThat(subscription.closedFrom()).isNegative();
        assertThat(subscription.interests()).isEqualTo(InterestSet.of(3));
    }

    @Test
    void whoWasClosedForNoEntryMissedNothing() {
        publish(2);
        decide(Control.Change.ofAll("ann", InterestSet.of(2)));
        subscription.close(2);
        assertThat(texts(catchUp(1))).containsExactly("E1");
    }

    @Test
    void whoWasClosedIsToldBeforeItEnds() {
        publish(2);
        decisions.append(log, new Control.Kick("bob"), List::of);
        decisions.append(log, new Control.Kick("ann"), List::of);
        publish(1);
        subscription.close(1);
        assertThat(texts(catchUp(1))).containsExactly("E1", "1-2:2");
    }

    @Test
    void whoWasPassiveIsToldWhatItMissed() {
        subscription.setPassive(true);
        publish(2);
        decide(Control.Change.of("ann", target, Mode.ACTIVE));
        publish(1);
        assertThat(texts(catchUp(0))).containsExactly("UNREAD1", "E3");
    }
}
