package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** What {@link Alarms} says: after the end nothing is run. */
public final class AlarmsProof {
    private AlarmsProof() {}

    /** The clock goes off after both have returned. */
    @JCStressTest
    @Outcome(id = "false", expect = ACCEPTABLE, desc = "an alarm of a closed engine does nothing")
    @Outcome(id = "true", expect = FORBIDDEN, desc = "it runs after the end")
    @State
    public static class ScheduleAgainstClose {
        private final Parts.StandingClock clock = new Parts.StandingClock();
        private final Alarms alarms = new Alarms(clock);
        private boolean ran;

        @Actor
        public void schedule() {
            alarms.schedule(Duration.ZERO, () -> ran = true);
        }

        @Actor
        public void close() {
            alarms.close();
        }

        @Arbiter
        public void goOff(Z_Result r) {
            Runnable alarm = clock.alarm;
            if (alarm != null) {
                alarm.run();
            }
            r.r1 = ran;
        }
    }
}
