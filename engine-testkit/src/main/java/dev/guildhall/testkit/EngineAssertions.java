package dev.guildhall.testkit;

import dev.guildhall.Outcome;
import dev.guildhall.Receipt;
import dev.guildhall.Subscription;
import dev.guildhall.spi.ResumeResult;
import java.util.function.Function;

/** Entry to the assertions of the test kit, in AssertJ's way; import it statically beside AssertJ's own. */
public final class EngineAssertions {
    private EngineAssertions() {}

    /**
     * Begins to look at a client. Everything that waits in the engine runs first.
     *
     * @param client the client
     * @return its assertions
     */
    public static TestClientAssert assertThat(TestClient client) {
        return new TestClientAssert(client);
    }

    /**
     * Begins to look at how a resume ended.
     *
     * @param result such as that of {@link TestClient#resume}
     * @return its assertions
     */
    public static ResumeAssert assertThat(ResumeResult result) {
        return new ResumeAssert(result);
    }

    /**
     * Begins to look at what became of something that was handed to the engine.
     *
     * @param outcome such as that of {@link dev.guildhall.Guild#tryPublish}
     * @return its assertions
     */
    public static OutcomeAssert<Outcome> assertThat(Outcome outcome) {
        return new OutcomeAssert<>(outcome, Function.identity());
    }

    /**
     * Begins to look at the receipt of a publish.
     *
     * @param receipt such as that of {@link dev.guildhall.Guild#publish}
     * @return its assertions
     */
    public static OutcomeAssert<Receipt> assertThat(Receipt receipt) {
        return new OutcomeAssert<>(receipt, Receipt::outcome);
    }

    /**
     * Begins to look at a subscription as it is now; a guild with a handler has not decided before {@link TestEngine#settle}.
     *
     * @param subscription such as that of {@link TestClient#subscribe}
     * @return its assertions
     */
    public static SubscriptionAssert assertThat(Subscription subscription) {
        return new SubscriptionAssert(subscription);
    }
}
