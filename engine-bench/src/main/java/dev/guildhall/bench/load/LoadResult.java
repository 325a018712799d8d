package dev.guildhall.bench.load;

import dev.guildhall.bench.load.Tally.Count;
import dev.guildhall.bench.load.Tally.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What came of a load; as JSON, member by member, what {@code --json} writes. Times are milliseconds.
 *
 * @param problems what makes the load a failed one, in sentences; empty if it is none
 * @param notes what to know when reading the figures
 * @param latency of publishes to clients that neither stalled nor were cut, from when each was due
 * @param latencyOfDisturbed the same of the others, so with the time that they read nothing or were away
 * @param connectTime from when a connection was due to READY
 * @param publishDelay from when a publish was due until it was handed over; the generator's own share of the latency
 */
record LoadResult(
        String scenario,
        String url,
        String started,
        boolean interrupted,
        List<String> problems,
        List<String> notes,
        Machine machine,
        JsonNode settings,
        Connections connections,
        Publishes publishes,
        Received received,
        Percentiles latency,
        Percentiles latencyOfDisturbed,
        Percentiles connectTime,
        Percentiles publishDelay,
        Accounts accounts,
        Map<String, Long> closes,
        Map<String, Long> errors,
        List<Sample> samples) {
    private static final double LATE_MILLIS = 10;

    /** Where the generator ran. */
    record Machine(String java, String os, int processors) {
        static Machine here() {
            return new Machine(
                    System.getProperty("java.vm.name", "") + " " + Runtime.version(),
                    System.getProperty("os.name", "") + " " + System.getProperty("os.version", "") + " "
                            + System.getProperty("os.arch", ""),
                    Runtime.getRuntime().availableProcessors());
        }
    }

    /**
     * @param ready at the end
     * @param linksLost by the other side or the network
     * @param sessionsLost sessions that were over before the load was
     */
    record Connections(
            int asked,
            int ready,
            long givenUp,
            long sessions,
            long cuts,
            long stalls,
            long linksLost,
            long reconnectsAsked,
            long resumes,
            long resumesRefused,
            long sessionsLost) {}

    /**
     * @param unknown those of which nobody knows whether they arrived, since an HTTP request failed without an answer
     */
    record Publishes(long due, long published, long unsent, long unknown) {}

    /**
     * @param framesPerSecond mean over the time that was measured
     * @param framesPerSecondMax largest of a second
     * @param processors that the generator had in the mean
     */
    record Received(
            long frames,
            long bytes,
            double framesPerSecond,
            double framesPerSecondMax,
            double megabytesPerSecond,
            double processors) {}

    /**
     * @param numbersMissing how many numbers of dispatches a session was not sent
     * @param numbersAgain how many it was sent once more
     * @param sessionsChecked that were there all the time, and so were due all of their group's publishes
     * @param publishesMissing those that they lack, together
     * @param publishesAgain those that they got more than once
     * @param notBack sessions that had no connection at the end
     */
    record Accounts(
            long numbersMissing,
            long numbersAgain,
            long sessionsChecked,
            long publishesMissing,
            long publishesAgain,
            long notBack) {}

    /**
     * @param balance of sessions, or null if a session is not due everything
     */
    static LoadResult of(
            Scenario scenario,
            Instant started,
            boolean interrupted,
            Tally tally,
            Meter meter,
            @Nullable Balance balance) {
        meter.sample(Phase.SETTLING.label());
        Balance present = balance == null ? new Balance() : balance;
        Accounts accounts = new Accounts(
                tally.of(Count.NUMBERS_MISSING),
                tally.of(Count.NUMBERS_AGAIN),
                present.sessions(),
                present.missing(),
                Math.max(0, present.again() - tally.of(Count.UNKNOWN) * present.sessions()),
                present.absent());
        Map<String, Long> closes = new TreeMap<>();
        tally.closes().forEach((code, count) -> closes.put(Integer.toString(code), count));
        Percentiles delay = meter.delays();
        return new LoadResult(
                scenario.name(),
                scenario.url().toString(),
                started.toString(),
                interrupted,
                problems(scenario, tally, accounts),
                notes(scenario, delay),
                Machine.here(),
                scenario.settings(),
                connections(scenario, tally),
                new Publishes(
                        tally.of(Count.DUE),
                        tally.of(Count.PUBLISHED),
                        tally.of(Count.UNSENT),
                        tally.of(Count.UNKNOWN)),
                received(meter),
                meter.steady(),
                meter.disturbed(),
                meter.connects(),
                delay,
                accounts,
                closes,
                tally.errors(),
                meter.samples());
    }

    private static Connections connections(Scenario scenario, Tally tally) {
        return new Connections(
                scenario.connect().connections(),
                tally.in(State.READY),
                tally.of(Count.GIVEN_UP),
                tally.of(Count.SESSIONS),
                tally.of(Count.CUTS),
                tally.of(Count.STALLS),
                tally.of(Count.LINKS_LOST),
                tally.of(Count.RECONNECTS_ASKED),
                tally.of(Count.RESUMES),
                tally.of(Count.RESUMES_REFUSED),
                tally.of(Count.SESSIONS_LOST));
    }

    private static Received received(Meter meter) {
        List<Sample> measured = meter.samples().stream()
                .filter(sample -> sample.phase().equals(Phase.MEASURING.label()))
                .toList();
        return new Received(
                meter.frames(),
                meter.bytes(),
                measured.stream().mapToDouble(Sample::framesPerSecond).average().orElse(0),
                measured.stream().mapToDouble(Sample::framesPerSecond).max().orElse(0),
                measured.stream()
                        .mapToDouble(Sample::megabytesPerSecond)
                        .average()
                        .orElse(0),
                measured.stream().mapToDouble(Sample::processors).average().orElse(0));
    }

    private static List<String> problems(Scenario scenario, Tally tally, Accounts accounts) {
        List<String> problems = new ArrayList<>();
        addIf(
                problems,
                tally.of(Count.GIVEN_UP),
                "of " + Words.count((long) scenario.connect().connections()) + " connections were given up");
        addIf(
                problems,
                tally.of(Count.UNSENT),
                "of " + Words.count(tally.of(Count.DUE)) + " publishes could not be sent");
        addIf(problems, accounts.numbersMissing, "numbers of dispatches are missing");
        addIf(problems, accounts.numbersAgain, "dispatches came with a number that had been there before");
        addIf(problems, accounts.publishesMissing, "publishes did not arrive in time");
        addIf(problems, accounts.publishesAgain, "publishes came more than once");
        addIf(problems, accounts.notBack, "sessions had not come back in time");
        return problems;
    }

    private static void addIf(List<String> problems, long count, String text) {
        if (count > 0) {
            problems.add(Words.count(count) + " " + text);
        }
    }

    private static List<String> notes(Scenario scenario, Percentiles delay) {
        List<String> notes = new ArrayList<>();
        if (delay.p99() > LATE_MILLIS) {
            notes.add(String.format(
                    Locale.ROOT,
                    "the generator was late itself: 1 %% of publishes left more than %.0f ms after they were due",
                    delay.p99()));
        }
        if (!scenario.receive().everyone()) {
            notes.add("sessions are not due every publish here, so only the numbers of dispatches were checked");
        }
        return notes;
    }
}
