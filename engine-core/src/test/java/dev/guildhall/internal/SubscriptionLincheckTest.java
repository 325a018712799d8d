package dev.guildhall.internal;

import dev.guildhall.Engine;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** The life of a subscription: it begins or is refused, ends once, and counts its user in and out once. */
public class SubscriptionLincheckTest {
    private static final LocalEngine ENGINE = (LocalEngine) Engine.builder()
            .laneExecutors(List.of(task -> {}))
            .blockingExecutor(task -> {})
            .open();

    private final LocalSubscription subscription = new LocalSubscription(
            (LocalSession) ENGINE.openSession("u", event -> {}), (LocalGuild) ENGINE.guild("g"), (InterestSet)
                    Interests.all());

    @Operation
    public boolean tryBegin() {
        return subscription.tryBegin();
    }

    @Operation
    public boolean tryEnd() {
        return subscription.tryEnd();
    }

    @Operation
    public void refuse() {
        subscription.refuse(Outcome.REFUSED);
    }

    @Operation
    public boolean isLive() {
        return subscription.isLive();
    }

    @Operation
    public boolean announce() {
        return subscription.announce();
    }

    @Operation
    public boolean unannounce() {
        return subscription.unannounce();
    }

    @Test
    void isLinearizable() {
        Lincheck.stress(getClass());
    }
}
