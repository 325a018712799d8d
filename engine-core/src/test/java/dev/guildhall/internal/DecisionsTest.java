package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Interests;
import dev.guildhall.Subscription.Mode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a subscription may have after a part of the log that nobody can read any more. */
class DecisionsTest {
    private static final InterestSet OLD = InterestSet.of(1);
    private static final InterestSet NEW = InterestSet.of(2);

    private static final int MAX_USERS = 16_384;

    private final Engine engine = Engine.builder().lanes(1).open();
    private final GuildLog log = new GuildLog(1 << 16, EngineClock.SYSTEM, 1_000_000_000, Runnable::run);
    private final Decisions decisions = new Decisions();
    private final LocalSubscription subscription = new LocalSubscription(
            (LocalSession) engine.openSession("ann", event -> {}), (LocalGuild) engine.guild("g"), OLD);
    private final Control.Target target = new Control.Target(subscription);

    @AfterEach
    void close() {
        engine.close();
    }

    private long decide(String user, InterestSet interests) {
        return decisions.append(log, Control.Change.ofAll(user, interests), null);
    }

    private long decideOwn(InterestSet interests) {
        return decisions.append(log, Control.Change.of("ann", target, interests), subscription);
    }

    private void assertClosedFrom(long offset) {
        assertThat(subscription.interests()).isEqualTo(Interests.of());
        assertThat(subscription.closedFrom()).isEqualTo(offset);
    }

    @Test
    void whatWasDecidedBetweenHolds() {
        decide("bob", InterestSet.ALL);
        long at = decide("ann", NEW);
        decisions.bring(subscription, at, at + 1);
        assertThat(subscription.interests()).isEqualTo(NEW);
        assertThat(subscription.closedFrom()).isNegative();
    }

    @Test
    void whatWasDecidedBeforeChangesNothing() {
        long at = decide("ann", NEW);
        decisions.bring(subscription, at + 1, at + 100);
        assertThat(subscription.interests()).isEqualTo(OLD);
    }

    @Test
    void whatIsDecidedLaterMayHideWhatWasDecidedBetween() {
        decide("ann", NEW);
        long later = decide("ann", InterestSet.ALL);
        decisions.bring(subscription, 0, later);
        assertClosedFrom(later);
    }

    @Test
    void theLaterOfTheUsersAndItsOwnHolds() {
        decideOwn(InterestSet.ALL);
        long at = decide("ann", NEW);
        decisions.bring(subscription, 0, at + 1);
        assertThat(subscription.interests()).isEqualTo(NEW);
        long own = decideOwn(InterestSet.ALL);
        decisions.bring(subscription, at + 1, own + 1);
        assertThat(subscription.interests()).isEqualTo(InterestSet.ALL);
    }

    @Test
    void whoMayHaveBeenForgottenIsClosedUnlessItWasDecidedSince() {
        decide("ann", NEW);
        long last = 0;
        for (int i = 0; i <= 20_000; i++) {
            last = decide("user " + i, NEW);
        }
        decisions.bring(subscription, 0, last + 1);
        assertClosedFrom(last + 1);
        long own = decideOwn(OLD);
        decisions.bring(subscription, last + 1, own + 1);
        assertThat(subscription.interests()).isEqualTo(OLD);
        assertThat(subscription.closedFrom()).isNegative();
        decisions.bring(subscription, own + 1, own + 2);
        assertThat(subscription.interests()).isEqualTo(OLD);
    }

    @Test
    void aModeThatIsNotCertainIsActive() {
        long at = decisions.append(log, Control.Change.of("ann", target, Mode.PASSIVE), subscription);
        decisions.bring(subscription, at, at + 1);
        assertThat(subscription.isPassive()).isTrue();
        long later = decisions.append(log, Control.Change.of("ann", target, Mode.PASSIVE), subscription);
        decisions.bring(subscription, at + 1, later);
        assertThat(subscription.isPassive()).isFalse();
    }

    private long forgetAnn() {
        long forgotten = decide("ann", NEW);
        for (int i = 0; i < MAX_USERS; i++) {
            decide("user " + i, NEW);
        }
        return forgotten;
    }

    @Test
    void asManyUsersAreRememberedAsSaid() {
        decide("ann", NEW);
        long last = 0;
        for (int i = 1; i < MAX_USERS; i++) {
            last = decide("user " + i, NEW);
        }
        decisions.bring(subscription, 0, last + 1);
        assertThat(subscription.interests()).isEqualTo(NEW);
        last = decide("one more", NEW);
        decisions.bring(subscription, 0, last + 1);
        assertClosedFrom(last + 1);
    }

    @Test
    void anOwnDecisionAfterAForgottenOneHolds() {
        forgetAnn();
        long own = decideOwn(InterestSet.ALL);
        decisions.bring(subscription, 0, own + 1);
        assertThat(subscription.interests()).isEqualTo(InterestSet.ALL);
        assertThat(subscription.closedFrom()).isNegative();
    }

    @Test
    void anOwnDecisionBeforeAForgottenOneMayHoldNoMore() {
        long own = decideOwn(InterestSet.ALL);
        long forgotten = forgetAnn();
        decisions.bring(subscription, own, forgotten + 1);
        assertClosedFrom(forgotten + 1);
    }

    @Test
    void whoWasServedUpToAForgottenDecisionMayLackIt() {
        decide("bob", NEW);
        long forgotten = forgetAnn();
        decisions.bring(subscription, forgotten, forgotten + 10);
        assertClosedFrom(forgotten + 10);
        subscription.open(OLD);
        decisions.bring(subscription, forgotten + 1, forgotten + 10);
        assertThat(subscription.interests()).isEqualTo(OLD);
        assertThat(subscription.closedFrom()).isNegative();
    }

    @Test
    void aKickEndsWhatLiesAfterIt() {
        subscription.ordered(log.claim());
        Control.Kick kick = new Control.Kick("ann");
        long at = decisions.append(log, kick, () -> List.of(subscription));
        assertThat(decisions.hasKicked(subscription, at)).isFalse();
        assertThat(decisions.hasKicked(subscription, at + 1)).isTrue();
    }

    @Test
    void aSubscriptionBeginsNowhereInAClosedLog() {
        assertThat(decisions.append(log, new Control.Begin(subscription))).isZero();
        log.close();
        assertThat(decisions.append(log, new Control.Begin(subscription))).isEqualTo(GuildLog.CLOSED);
        assertThat(decisions.append(log, new Control.Kick("ann"), () -> List.of(subscription)))
                .isEqualTo(GuildLog.CLOSED);
        assertThat(subscription.kick()).isNull();
    }
}
