package dev.guildhall.bench.report;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What contenders are called and which of the page's colours they have, the same in every chart. A chart is drawn with colours that
 * stand for these, which the page's style sheet then chooses for light and for dark.
 */
final class Palette {
    /** Colours for series, of which the style sheet has {@code --series-0} and so on. */
    static final int COLOURS = 8;

    static final Color TEXT = new Color(1, 1, 1);
    static final Color AXIS = new Color(1, 1, 2);
    static final Color GRID = new Color(1, 1, 3);
    private static final Map<Color, String> VARIABLES =
            Map.of(TEXT, "--text-quiet", AXIS, "--axis", GRID, "--grid", new Color(0, 0, 0), "--text-quiet");

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("guildhall", "Guildhall"),
            Map.entry("guildhall_ring", "Guildhall, can resume"),
            Map.entry("guildhall_own_ring", "Guildhall, default subscribers"),
            Map.entry("epoll", "Guildhall, epoll"),
            Map.entry("io_uring", "Guildhall, io_uring"),
            Map.entry("c", "C, nothing but sends"),
            Map.entry("c_io_uring", "C, io_uring"),
            Map.entry("mailbox_per_recipient", "mailbox per recipient"),
            Map.entry("thread_per_recipient", "thread per recipient"),
            Map.entry("submission_publisher", "SubmissionPublisher"),
            Map.entry("submissionpublisher", "SubmissionPublisher"),
            Map.entry("pekko", "Pekko typed"),
            Map.entry("vertx", "Vert.x event bus"),
            Map.entry("reactor", "Reactor Sinks"),
            Map.entry("jox", "jox channels"),
            Map.entry("jetty", "Jetty"),
            Map.entry("netty-socketio", "netty-socketio"),
            Map.entry("disruptor", "Disruptor, no sessions"));

    /** Guildhall is always the first colour. */
    private static final List<List<String>> FIXED = List.of(
            List.of("Guildhall", "Guildhall, epoll"),
            List.of("Pekko typed", "mailbox per recipient", "Guildhall, io_uring"),
            List.of("Vert.x event bus", "thread per recipient", "C, nothing but sends"),
            List.of("Reactor Sinks", "Guildhall, default subscribers", "Vert.x"),
            List.of("jox channels", "C, io_uring", "Guildhall, can resume"),
            List.of("SubmissionPublisher", "Jetty"),
            List.of("Disruptor, no sessions", "netty-socketio"));

    private Palette() {}

    /** Of a contender as JMH or a figure names it. */
    static String name(String contender) {
        String key = contender.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(NAMES.get(key)).orElse(key.replace('_', ' ').replace('-', ' '));
    }

    /** The number of a series' colour. */
    static int colourOf(String name, int place) {
        for (int i = 0; i < FIXED.size(); i++) {
            if (FIXED.get(i).contains(name)) {
                return i;
            }
        }
        return place % COLOURS;
    }

    /** What a chart is drawn with in place of the colour of this number. */
    static Color placeholder(int colour) {
        return new Color(1, 2, colour);
    }

    /** The name of the style sheet's colour; empty if it is none of these. */
    static Optional<String> variable(Color drawn) {
        if (drawn.getRed() == 1 && drawn.getGreen() == 2) {
            return Optional.of("--series-" + drawn.getBlue());
        }
        return Optional.ofNullable(VARIABLES.get(drawn));
    }
}
