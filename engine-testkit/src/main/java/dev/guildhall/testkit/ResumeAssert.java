package dev.guildhall.testkit;

import dev.guildhall.spi.ResumeResult;
import org.assertj.core.api.AbstractAssert;

/** How a resume ended. */
public final class ResumeAssert extends AbstractAssert<ResumeAssert, ResumeResult> {

    ResumeAssert(ResumeResult result) {
        super(result, ResumeAssert.class);
    }

    /**
     * The client is back in its session.
     *
     * @return this
     */
    public ResumeAssert succeeded() {
        isNotNull();
        if (!(actual instanceof ResumeResult.Resumed)) {
            throw failure("%nExpected the resume to have succeeded, but it ended with%n  %s", actual);
        }
        return this;
    }

    /**
     * The engine has refused it.
     *
     * @param reason why
     * @return this
     */
    public ResumeAssert wasRefused(ResumeResult.Reason reason) {
        isNotNull();
        if (!(actual instanceof ResumeResult.Refused refused) || refused.reason() != reason) {
            throw failure("%nExpected the resume to be refused for %s, but it ended with%n  %s", reason, actual);
        }
        return this;
    }
}
