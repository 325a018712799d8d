package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.guildhall.spi.Encoding;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What {@link EventBody} says: of one encoding all get the same form, and no form is lost. */
public final class EventBodyProof {
    private static final Encoding<Object> ONE = event -> new Object();
    private static final Encoding<Object> OTHER = event -> new Object();

    private EventBodyProof() {}

    /** Two lanes write one event for the first time. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "one form, which stays")
    @Outcome(id = "false", expect = FORBIDDEN, desc = "two forms of one encoding are in use, or it is encoded again")
    @State
    public static class SameEncoding {
        private final LogEvent event = Parts.event();
        private Object first = this;
        private Object second = this;

        @Actor
        public void first() {
            first = event.encoded(ONE);
        }

        @Actor
        public void second() {
            second = event.encoded(ONE);
        }

        @Arbiter
        public void rest(Z_Result r) {
            r.r1 = first == second && event.encoded(ONE) == first;
        }
    }

    /** Two lanes write one event in two encodings. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both forms stay")
    @Outcome(expect = FORBIDDEN, desc = "a form is lost and made again")
    @State
    public static class OtherEncoding {
        private final LogEvent event = Parts.event();
        private Object one = this;
        private Object other = this;

        @Actor
        public void one() {
            one = event.encoded(ONE);
        }

        @Actor
        public void other() {
            other = event.encoded(OTHER);
        }

        @Arbiter
        public void rest(ZZ_Result r) {
            r.r1 = event.encoded(ONE) == one;
            r.r2 = event.encoded(OTHER) == other;
        }
    }
}
