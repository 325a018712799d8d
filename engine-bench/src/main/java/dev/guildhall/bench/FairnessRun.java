package dev.guildhall.bench;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The run of {@link FairnessCommand}.
 *
 * <p>One thread publishes to the small guilds one after the other, every millisecond to the next, whatever happens; an event's latency
 * counts from the moment it was due, so a publisher that is late, or waits, does not hide it. It ends when the last of the guild's
 * 25 connections was written the event, on whose lane it is noted: nothing reads or polls beside the engine. Each event
 * that was due in a phase counts, also if it arrives later. Sessions can be resumed, and their connections take everything at
 * once.
 *
 * <p>Publishers compete with lanes for the processors, as they would in an application: there are two of them at most, and both sleep
 * or wait nearly all of the time. A machine that is late for all threads now and then shows in all three phases alike and can be
 * most of the p99; so the ratios of p90 and p50 are printed too, and for each phase the p99 from when the publisher got to the event.
 */
final class FairnessRun {
    static final String P99_RATIO = "fairness.small-guild-p99-ratio";

    private static final int SMALL_GUILDS = 1_000;
    private static final int SMALL_SESSIONS = 25;
    private static final int LARGE_SESSIONS = 100_000;
    private static final int EVENT_BYTES = 128;
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final int rounds;
    private final long phaseNanos;
    private final int largeRate;
    private final int turnBudget;
    private final DirectTransport transport = new DirectTransport();
    private final Event event = Event.of("BENCH", new byte[EVENT_BYTES]);
    private final SmallGuild[] small = new SmallGuild[SMALL_GUILDS];
    private @Nullable Guild large;
    private long smallBegan;
    private volatile @Nullable Phase present;
    private volatile long smallPublished;
    private volatile boolean over;

    FairnessRun(int rounds, Duration phase, int largeRate, int turnBudget) {
        this.rounds = rounds;
        this.phaseNanos = phase.toNanos();
        this.largeRate = largeRate;
        this.turnBudget = turnBudget;
    }

    /** Latencies of the small guilds' events that were due in a span of time. */
    private static final class Phase {
        final ConcurrentHistogram latencies = new ConcurrentHistogram(3);
        final ConcurrentHistogram sincePublishing = new ConcurrentHistogram(3);
        final long from;
        final long to;

        Phase(long from, long to) {
            this.from = from;
            this.to = to;
        }

        boolean includes(long due) {
            return due - from >= 0 && due - to < 0;
        }

        double micros(double percentile) {
            return latencies.getValueAtPercentile(percentile) / 1e3;
        }

        double microsSincePublishing(double percentile) {
            return sincePublishing.getValueAtPercentile(percentile) / 1e3;
        }
    }

    private record Round(Phase alone, Phase steady, Phase flooded) {
        double ratio(Phase phase, int percentile) {
            return phase.micros(percentile) / alone.micros(percentile);
        }
    }

    private interface Load {
        void run(Guild large, long untilNanos);
    }

    /** Measures and prints. */
    void measure() throws InterruptedException {
        try (Engine engine =
                Engine.builder().transport(transport).turnBudget(turnBudget).open()) {
            connect(engine);
            smallBegan = System.nanoTime();
            Thread publishing = Thread.ofPlatform().start(this::publishToSmall);
            System.out.println("Warming up ...");
            round(engine);
            List<Round> measured =
                    IntStream.range(0, rounds).mapToObj(i -> round(engine)).toList();
            over = true;
            publishing.join();
            report(measured);
        }
    }

    private void connect(Engine engine) {
        Guild largest = engine.guild("large");
        large = largest;
        for (int i = 0; i < LARGE_SESSIONS; i++) {
            transport
                    .open(i, "bench", SessionOptions.DEFAULT, new Sink())
                    .session()
                    .subscribe(largest);
        }
        for (int i = 0; i < SMALL_GUILDS; i++) {
            SmallGuild guild = new SmallGuild(i, engine.guild("small-" + i), SMALL_SESSIONS, this::delivered);
            small[i] = guild;
            for (int k = 0; k < SMALL_SESSIONS; k++) {
                transport
                        .open(i + k, "bench", SessionOptions.DEFAULT, guild.connection())
                        .session()
                        .subscribe(guild.guild);
            }
        }
    }

    private Round round(Engine engine) {
        Phase alone = phase(engine, "alone", (guild, until) -> {});
        Phase steady = phase(engine, "at " + largeRate + "/s", this::publishSteadily);
        Phase flooded = phase(engine, "flooded", this::flood);
        return new Round(alone, steady, flooded);
    }

    /** Lets the load begin, then counts what is due, and waits until everything has arrived. */
    private Phase phase(Engine engine, String name, Load load) {
        long from = System.nanoTime() + SETTLE_NANOS;
        Phase phase = new Phase(from, from + phaseNanos);
        present = phase;
        long delivered = engine.stats().written();
        Guild target = Objects.requireNonNull(large);
        Thread loading = Thread.ofPlatform().start(() -> load.run(target, phase.to));
        sleepUntil(phase.to);
        delivered = engine.stats().written() - delivered;
        join(loading);
        long due = Math.floorDiv(phase.to - smallBegan - 1, INTERVAL_NANOS)
                - Math.floorDiv(phase.from - smallBegan - 1, INTERVAL_NANOS);
        while (phase.latencies.getTotalCount() < due || !isQuiet(engine)) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        System.out.printf(
                Locale.ROOT,
                "%-8s %,12.0f deliveries/s; %,7d events of small guilds, p50 %,7.0f us, p90 %,7.0f us, p99"
                        + " %,7.0f us, max %,7.0f us; since its publisher got to it p50 %,7.0f us, p90 %,7.0f us, p99 %,7.0f us%n",
                name,
                delivered * 1e9 / (phaseNanos + SETTLE_NANOS),
                phase.latencies.getTotalCount(),
                phase.micros(50),
                phase.micros(90),
                phase.micros(99),
                phase.latencies.getMaxValue() / 1e3,
                phase.microsSincePublishing(50),
                phase.microsSincePublishing(90),
                phase.microsSincePublishing(99));
        return phase;
    }

    /** Whether the large guild's events were all delivered; the small guilds' go on. */
    private boolean isQuiet(Engine engine) {
        long largeEvents = Objects.requireNonNull(large).nextOffset() - LARGE_SESSIONS;
        long expected = largeEvents * LARGE_SESSIONS + smallPublished * SMALL_SESSIONS;
        return expected - engine.stats().written() < SMALL_GUILDS * SMALL_SESSIONS;
    }

    // --- publishing

    private void publishToSmall() {
        for (long i = 0; !over; i++) {
            sleepUntil(smallBegan + i * INTERVAL_NANOS);
            small[(int) (i % SMALL_GUILDS)].publish(event);
            smallPublished = i + 1;
        }
    }

    /** The {@code number}th event of a guild was due when it was the guild's turn. */
    private void delivered(SmallGuild guild, long number, long publishedAt, long nanoTime) {
        long due = smallBegan + (number * SMALL_GUILDS + guild.index) * INTERVAL_NANOS;
        Phase phase = present;
        if (phase != null && phase.includes(due)) {
            phase.sincePublishing.recordValue(nanoTime - publishedAt);
            phase.latencies.recordValue(nanoTime - due);
        }
    }

    private void publishSteadily(Guild guild, long untilNanos) {
        long interval = TimeUnit.SECONDS.toNanos(1) / largeRate;
        for (long due = System.nanoTime(); due - untilNanos < 0; due += interval) {
            sleepUntil(due);
            guild.publish(event);
        }
    }

    private void flood(Guild guild, long untilNanos) {
        while (System.nanoTime() - untilNanos < 0) {
            guild.publish(event);
        }
    }

    private static void sleepUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // --- the result

    private static void report(List<Round> measured) {
        System.out.println();
        Figures.printGated(
                P99_RATIO, values(measured, round -> round.ratio(round.flooded, 99)), FairnessCommand.MOST_RATIO);
        Figures.printSpread(
                "fairness.steady.small-guild-p99-ratio", values(measured, round -> round.ratio(round.steady, 99)));
        Figures.printSpread(
                "fairness.small-guild-p90-ratio", values(measured, round -> round.ratio(round.flooded, 90)));
        Figures.printSpread(
                "fairness.small-guild-p50-ratio", values(measured, round -> round.ratio(round.flooded, 50)));
        Figures.printSpread("fairness.alone.p99-micros", values(measured, round -> round.alone.micros(99)));
        Figures.printSpread("fairness.steady.p99-micros", values(measured, round -> round.steady.micros(99)));
        Figures.printSpread("fairness.flooded.p99-micros", values(measured, round -> round.flooded.micros(99)));
    }

    private static double[] values(List<Round> measured, ToDoubleFunction<Round> value) {
        return measured.stream().mapToDouble(value).toArray();
    }

    // --- connections

    /** Takes everything and counts it. */
    private static final class Sink implements Connection {
        @SuppressWarnings("UnusedVariable") // so that a write writes something
        private long written;

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(Event event, long seq) {
            written = seq;
        }

        @Override
        public void flush() {}

        @Override
        public void close(CloseReason reason, boolean resumable) {}
    }
}
