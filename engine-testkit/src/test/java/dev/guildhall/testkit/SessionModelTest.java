package dev.guildhall.testkit;

import dev.guildhall.CloseReason;
import dev.guildhall.spi.ResumeResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Thousands of schedules in which clients stall, vanish in the middle of a write, come back on other lanes with right and wrong
 * numbers, and overflow, while events of all classes are published and sent. What each client received is compared with what was
 * published ({@link ReceivedStream}); whether a resume was refused and why a session ended, with a model that knows no more than
 * what was written when ({@link ModelClient}).
 */
class SessionModelTest {
    private static final int CI_SCHEDULES = 10_000;
    private static final int SCHEDULES = Integer.getInteger("guildhall.schedules", CI_SCHEDULES);

    @Test
    void everyClientReceivesWhatTheModelSays() {
        Coverage coverage = new Coverage();
        Long seed = Long.getLong("guildhall.seed");
        if (seed != null) {
            new ModelSchedule(seed, coverage).run();
            return;
        }
        long first = Long.getLong("guildhall.firstSeed", 1); // a build fails for what has changed only
        System.out.println("schedules from -Dguildhall.seed=" + first);
        for (int i = 0; i < SCHEDULES; i++) {
            new ModelSchedule(first + i, coverage).run();
        }
        System.out.println(coverage);
        if (SCHEDULES >= CI_SCHEDULES) {
            coverage.requireAll(whatMustHaveHappened());
        }
    }

    /** Overloaded needs thousands of resumes in flight, see {@link ResumeRefusalTest}; commands are not sent here. */
    private static List<String> whatMustHaveHappened() {
        List<String> names = new ArrayList<>(List.of(
                "resumed",
                "moved",
                "complete client",
                "guild gap",
                "direct gap",
                "gap of a lapped lane",
                "gap of a large event",
                "trimmed for the budget",
                "drain with a resume in flight",
                "dropped",
                "conflated",
                "replayed"));
        for (ResumeResult.Reason reason : ResumeResult.Reason.values()) {
            if (reason != ResumeResult.Reason.OVERLOADED) {
                names.add("refused " + reason);
            }
        }
        for (CloseReason.Kind kind : List.of(
                CloseReason.Kind.REQUESTED,
                CloseReason.Kind.CLIENT_LEFT,
                CloseReason.Kind.SLOW_CONSUMER,
                CloseReason.Kind.OVER_BUDGET,
                CloseReason.Kind.RESUME_EXPIRED,
                CloseReason.Kind.RESUME_FAILED,
                CloseReason.Kind.ENGINE_CLOSED)) {
            names.add("closed " + kind);
        }
        for (FaultyLink.Point point : FaultyLink.Point.values()) {
            names.add("fault " + point + " " + FaultyLink.Fault.THROW);
            names.add("fault " + point + " " + FaultyLink.Fault.TELL_LOST);
            if (point != FaultyLink.Point.CLOSE) {
                names.add("fault " + point + " " + FaultyLink.Fault.TELL_CLOSED);
            }
        }
        return names;
    }
}
