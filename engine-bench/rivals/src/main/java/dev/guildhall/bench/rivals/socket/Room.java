package dev.guildhall.bench.rivals.socket;

import dev.guildhall.bench.DueTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * All who are connected to a server, and what is published to them: texts with the time at which they were due in them, of 128 bytes in all with
 * what their server puts about them, so many a second, or so many beyond what the first client says it has. Of one thread, on which the
 * server calls it and it calls the server.
 */
final class Room {
    private static final int TEXT_BYTES = 128;
    private static final int DIGITS = 19;

    private final Pace pace;
    private final Timer timer;
    private final String before;
    private final String after;
    private final List<Client> clients = new ArrayList<>();
    private boolean started;
    private long published;
    private long acknowledged;

    /**
     * When to publish.
     *
     * @param rate texts a second, or 0 for as fast as the first client acknowledges
     * @param window texts beyond what it has acknowledged, if there is no rate
     * @param burst texts at a time, if there is a rate
     */
    record Pace(int rate, int window, int burst) {

        /** The arguments MODE, RATE_OR_WINDOW and BURST. */
        static Pace of(String mode, String amount, String burst) {
            int number = Integer.parseInt(amount);
            return switch (mode) {
                case "rate" -> new Pace(number, 0, Integer.parseInt(burst));
                case "max" -> new Pace(0, number, 1);
                default -> throw new IllegalArgumentException("MODE must be rate or max, was " + mode);
            };
        }
    }

    /** The server's end of a connection. */
    interface Client {
        /** Sends the text, now or soon; never waits. */
        void send(String text);
    }

    /** Calls again and again, on the room's thread, and makes up for calls that it has missed. */
    interface Timer {
        /** Begins to. */
        void every(long nanos, Runnable call);
    }

    /** Texts of a server that sends them as they are. */
    Room(Pace pace, Timer timer) {
        this(pace, timer, "{\"d\":\"", "\"}", 0);
    }

    /**
     * @param opening what each text begins with
     * @param closing what it ends with
     * @param around bytes that the server puts about a text
     */
    Room(Pace pace, Timer timer, String opening, String closing, int around) {
        this.pace = pace;
        this.timer = timer;
        int filler = TEXT_BYTES - around - opening.length() - 1 - DIGITS - closing.length();
        before = opening + "T";
        after = "x".repeat(filler) + closing;
    }

    /** Another client. */
    void enter(Client client) {
        clients.add(client);
    }

    /** A client has sent a text: to begin, or how many texts it has, which the first client alone says. */
    void said(String text) {
        if (text.equals("S")) {
            begin();
        } else if (text.startsWith("A")) {
            acknowledged = Math.max(acknowledged, Long.parseLong(text, 1, text.length(), 10));
            fillWindow();
        }
    }

    private void begin() {
        if (started) {
            return;
        }
        started = true;
        if (pace.rate == 0) {
            fillWindow();
        } else {
            long nanos = TimeUnit.SECONDS.toNanos(pace.burst) / pace.rate;
            DueTimes due = new DueTimes(nanos);
            timer.every(nanos, () -> publish(pace.burst, due.next(System.nanoTime())));
        }
    }

    private void fillWindow() {
        if (started && pace.rate == 0) {
            int room = Math.clamp(acknowledged + pace.window - published, 0, pace.window);
            published += room;
            publish(room, System.nanoTime());
        }
    }

    private void publish(int texts, long due) {
        for (int i = 0; i < texts; i++) {
            String text = String.format(Locale.ROOT, "%s%019d%s", before, due, after);
            for (Client client : clients) {
                client.send(text);
            }
        }
    }
}
