package dev.guildhall.bench.load;

import dev.guildhall.bench.load.Tally.Count;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** A few lines that are written anew each second, and are gone in the end. */
final class TerminalProgress implements Progress {
    private static final String HIDE_CURSOR = "\033[?25l";
    private static final String SHOW_CURSOR = "\033[?25h";
    /** Lines too long for the window are cut: were they folded, the way back up would be too short. */
    private static final String CUT_LINES = "\033[?7l";

    private static final String FOLD_LINES = "\033[?7h";
    private static final String CLEAR_TO_END_OF_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";
    private static final String[] HEIGHTS = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    private static final int BAR = 40;
    private static final int HISTORY = 40;
    private static final int MOST_ERRORS = 4;

    private final PrintStream out;
    private final Ansi ansi;
    private final Deque<Double> history = new ArrayDeque<>();
    private int lines;

    TerminalProgress(PrintStream out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    @Override
    public void preparing(int users, int of) {
        if (of > 1) {
            draw(List.of(row("preparing", Words.count(users) + " of " + Words.count(of) + " users")));
        }
    }

    @Override
    public void show(Moment moment) {
        Sample sample = moment.sample();
        Tally tally = moment.tally();
        List<String> block = new ArrayList<>();
        block.add(ansi.string("@|bold " + moment.scenario().name() + "|@  "
                + moment.scenario().url()));
        block.add("");
        block.add(row(moment.phase().label(), bar(moment)));
        block.add(row("connections", connections(sample)));
        block.add(row(
                "publishes",
                Words.count(sample.publishesPerSecond()) + "/s   " + Words.count(tally.of(Count.PUBLISHED)) + " in all"
                        + (tally.of(Count.UNSENT) > 0
                                ? ansi.string("   @|red " + Words.count(tally.of(Count.UNSENT)) + " not sent|@")
                                : "")));
        block.add(row(
                "frames",
                Words.count(sample.framesPerSecond()) + "/s   " + Words.count(sample.frames()) + " in all   "
                        + Words.megabytes(sample.megabytesPerSecond())));
        latency(block, sample.latencyMillis());
        disturbances(block, tally);
        draw(block);
    }

    private String connections(Sample sample) {
        StringBuilder text = new StringBuilder(ansi.string("@|green " + Words.count(sample.ready()) + " ready|@"));
        append(text, sample.connecting(), "connecting");
        append(text, sample.waiting(), "to come");
        append(text, sample.stalled(), "stalled");
        append(text, sample.away(), "away");
        append(text, sample.ended(), "given up");
        return text.toString();
    }

    private static void append(StringBuilder text, int count, String what) {
        if (count > 0) {
            text.append("   ").append(Words.count(count)).append(' ').append(what);
        }
    }

    private void latency(List<String> block, Percentiles latency) {
        if (latency.count() > 0) {
            history.addLast(latency.p99());
            if (history.size() > HISTORY) {
                history.removeFirst();
            }
        }
        if (history.isEmpty()) {
            return;
        }
        block.add(row(
                "latency",
                "p50 " + Words.millis(latency.p50()) + "   p90 " + Words.millis(latency.p90())
                        + ansi.string("   @|bold p99 " + Words.millis(latency.p99()) + "|@") + "   max "
                        + Words.millis(latency.max()) + " ms"));
        double most = history.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        StringBuilder curve = new StringBuilder();
        for (double value : history) {
            curve.append(HEIGHTS[(int) Math.min(HEIGHTS.length - 1, value / most * HEIGHTS.length)]);
        }
        block.add(row("", ansi.string("@|cyan " + curve + "|@") + "  p99 by the second, up to " + Words.millis(most)));
    }

    private void disturbances(List<String> block, Tally tally) {
        if (tally.of(Count.CUTS) + tally.of(Count.RESUMES) + tally.of(Count.STALLS) > 0) {
            block.add(row(
                    "disturbed",
                    Words.count(tally.of(Count.STALLS)) + " stalls   " + Words.count(tally.of(Count.CUTS)) + " cuts   "
                            + Words.count(tally.of(Count.RESUMES)) + " resumes   "
                            + Words.count(tally.of(Count.SESSIONS_LOST)) + " sessions lost"));
        }
        StringBuilder closes = new StringBuilder();
        tally.closes()
                .forEach((code, count) -> closes.append(code)
                        .append(' ')
                        .append(CloseCode.name(code))
                        .append(": ")
                        .append(Words.count(count))
                        .append("   "));
        if (!closes.isEmpty()) {
            block.add(row("closed", closes.toString()));
        }
        long wrong = tally.of(Count.NUMBERS_MISSING) + tally.of(Count.NUMBERS_AGAIN);
        if (wrong > 0) {
            block.add(row("numbers", ansi.string("@|red,bold " + Words.count(wrong) + " missing or again|@")));
        }
        String label = "errors";
        List<Map.Entry<String, Long>> errors = List.copyOf(tally.errors().entrySet());
        for (Map.Entry<String, Long> error : errors.subList(0, Math.min(errors.size(), MOST_ERRORS))) {
            block.add(row(label, Words.count(error.getValue()) + " times " + error.getKey()));
            label = "";
        }
    }

    private String row(String label, String text) {
        return ansi.string(String.format(Locale.ROOT, "  @|faint %-13s|@ ", label)) + text;
    }

    private String bar(Moment moment) {
        double part = moment.phase() == Phase.CONNECTING
                ? 1
                        - (double) moment.sample().waiting()
                                / moment.scenario().connect().connections()
                : moment.planned().isZero()
                        ? 1
                        : (double) moment.elapsed().toMillis()
                                / moment.planned().toMillis();
        int full = (int) Math.min(BAR, Math.max(0, part) * BAR);
        String text = ansi.string("@|cyan " + "━".repeat(full) + "|@@|faint " + "─".repeat(BAR - full) + "|@");
        return switch (moment.phase()) {
            case CONNECTING -> text;
            case SETTLING, CLOSING ->
                text + "  " + moment.elapsed().toSeconds() + " s, at most "
                        + moment.planned().toSeconds();
            default ->
                text + "  " + moment.elapsed().toSeconds() + " of "
                        + moment.planned().toSeconds() + " s";
        };
    }

    private void draw(List<String> block) {
        StringBuilder text = new StringBuilder(HIDE_CURSOR).append(CUT_LINES).append(up());
        for (String line : block) {
            text.append(line).append(CLEAR_TO_END_OF_LINE).append('\n');
        }
        out.print(text.append(CLEAR_BELOW).append(FOLD_LINES));
        out.flush();
        lines = block.size();
    }

    private String up() {
        return lines == 0 ? "" : "\033[" + lines + "A\r";
    }

    @Override
    public void close() {
        out.print(up() + CLEAR_BELOW + FOLD_LINES + SHOW_CURSOR);
        out.flush();
        lines = 0;
    }
}
