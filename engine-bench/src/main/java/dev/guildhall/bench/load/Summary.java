package dev.guildhall.bench.load;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** A result for a person, and its figures for a program. */
final class Summary {
    private final PrintStream out;
    private final Ansi ansi;

    Summary(PrintStream out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    void print(LoadResult result) {
        headline(result);
        LoadResult.Connections connections = result.connections();
        row(
                "connections",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d ready at the end   READY after p50 %s   p99 %s   max %s ms",
                        connections.ready(),
                        connections.asked(),
                        Words.millis(result.connectTime().p50()),
                        Words.millis(result.connectTime().p99()),
                        Words.millis(result.connectTime().max())));
        LoadResult.Publishes publishes = result.publishes();
        row(
                "publishes",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d sent   delayed by the generator p50 %s   p99 %s   max %s ms",
                        publishes.published(),
                        publishes.due(),
                        Words.millis(result.publishDelay().p50()),
                        Words.millis(result.publishDelay().p99()),
                        Words.millis(result.publishDelay().max())));
        LoadResult.Received received = result.received();
        row(
                "frames",
                String.format(
                        Locale.ROOT,
                        "%,d   %s/s in the mean, %s/s at most   %s   on %.2f processors",
                        received.frames(),
                        Words.count(received.framesPerSecond()),
                        Words.count(received.framesPerSecondMax()),
                        Words.megabytes(received.megabytesPerSecond()),
                        received.processors()));
        latencies(result);
        if (connections.cuts() + connections.stalls() + connections.linksLost() > 0) {
            row(
                    "disturbed",
                    String.format(
                            Locale.ROOT,
                            "%,d stalls   %,d cuts   %,d links lost   %,d resumes, %,d refused   %,d sessions lost",
                            connections.stalls(),
                            connections.cuts(),
                            connections.linksLost(),
                            connections.resumes(),
                            connections.resumesRefused(),
                            connections.sessionsLost()));
        }
        LoadResult.Accounts accounts = result.accounts();
        row(
                "accounts",
                String.format(
                        Locale.ROOT,
                        "numbers: %,d missing, %,d again   publishes in %,d sessions: %,d missing, %,d again",
                        accounts.numbersMissing(),
                        accounts.numbersAgain(),
                        accounts.sessionsChecked(),
                        accounts.publishesMissing(),
                        accounts.publishesAgain()));
        for (Map.Entry<String, Long> close : result.closes().entrySet()) {
            row(
                    "closed",
                    String.format(
                            Locale.ROOT,
                            "%,d times %s %s",
                            close.getValue(),
                            close.getKey(),
                            CloseCode.name(Integer.parseInt(close.getKey()))));
        }
        result.errors().forEach((text, count) -> row("error", String.format(Locale.ROOT, "%,d times %s", count, text)));
        result.notes().forEach(note -> row("note", note));
        out.println();
    }

    private void headline(LoadResult result) {
        String end = result.interrupted() ? "interrupted" : "complete";
        if (result.problems().isEmpty()) {
            out.println(ansi.string(
                    "@|bold " + result.scenario() + "|@ " + end + ": @|green nothing lost, nothing twice|@"));
        } else {
            out.println(ansi.string("@|bold " + result.scenario() + "|@ " + end + ", @|red with problems|@"));
            result.problems().forEach(problem -> out.println(ansi.string("  @|red " + problem + "|@")));
        }
        out.println();
    }

    private void latencies(LoadResult result) {
        if (result.latency().count() + result.latencyOfDisturbed().count() == 0) {
            return;
        }
        row(
                "latency, ms",
                String.format(
                        Locale.ROOT, "%9s %9s %9s %9s %9s %9s   of", "p50", "p90", "p99", "p99.9", "p99.99", "max"));
        latency("steady", result.latency());
        latency("disturbed", result.latencyOfDisturbed());
    }

    private void latency(String whose, Percentiles of) {
        if (of.count() > 0) {
            row(
                    "  " + whose,
                    String.format(
                            Locale.ROOT,
                            "%9s %9s %9s %9s %9s %9s   %,d",
                            Words.millis(of.p50()),
                            Words.millis(of.p90()),
                            Words.millis(of.p99()),
                            Words.millis(of.p999()),
                            Words.millis(of.p9999()),
                            Words.millis(of.max()),
                            of.count()));
        }
    }

    private void row(String label, String text) {
        out.println(ansi.string(String.format(Locale.ROOT, "  @|faint %-13s|@ ", label)) + text);
    }

    /** The lines with which every command of the benchmarks ends. */
    void figures(LoadResult result) {
        figure("connections.ready", result.connections().ready());
        figure("frames-per-second", result.received().framesPerSecond());
        figure("latency.p50-micros", result.latency().p50() * 1000);
        figure("latency.p99-micros", result.latency().p99() * 1000);
        figure("latency.max-micros", result.latency().max() * 1000);
        figure("resumes", (double) result.connections().resumes());
        figure("sessions-lost", (double) result.connections().sessionsLost());
        LoadResult.Accounts accounts = result.accounts();
        figure("missing", (double) (accounts.numbersMissing() + accounts.publishesMissing()));
        figure("again", (double) (accounts.numbersAgain() + accounts.publishesAgain()));
    }

    private void figure(String name, double value) {
        out.printf(Locale.ROOT, "figure load.%s %.0f%n", name, value);
    }
}
