package dev.guildhall.bench.load;

import dev.guildhall.bench.load.Tally.Count;
import dev.guildhall.bench.load.Tally.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a load about once a second: takes what was recorded since, adds it to the whole, writes it to the HDR log, and makes a
 * {@link Sample} of it. Its methods exclude each other, so that the last look may come from another thread.
 */
final class Meter {
    private static final int DIGITS = 3;
    private static final double MEGA = 1e6;
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_SAMPLES = 100_000; // a day's

    private final Tally tally;
    private final List<LoadLoop> loops;
    private final @Nullable HistogramLogWriter log;
    private final long begin = System.nanoTime();
    private final long beginMillis = System.currentTimeMillis();
    private final Histogram steady = new Histogram(DIGITS);
    private final Histogram disturbed = new Histogram(DIGITS);
    private final Histogram connects = new Histogram(DIGITS);
    private final Histogram delays = new Histogram(DIGITS);
    private final List<Sample> samples = new ArrayList<>();
    private long lastNanos = begin;
    private long lastFrames;
    private long lastBytes;
    private long lastPublished;
    private long lastCpu = Limits.cpuNanos();

    Meter(Tally tally, List<LoadLoop> loops, @Nullable HistogramLogWriter log) {
        this.tally = tally;
        this.loops = loops;
        this.log = log;
        if (log != null) {
            log.outputComment("[guildhall load; values in nanoseconds]");
            log.outputLogFormatVersion();
            log.outputStartTime(beginMillis);
            log.setBaseTime(beginMillis);
            log.outputLegend();
        }
    }

    synchronized Sample sample(String phase) {
        long now = System.nanoTime();
        double seconds = Math.max(1, now - lastNanos) / SECOND;
        Histogram interval = new Histogram(DIGITS);
        Histogram disturbedInterval = new Histogram(DIGITS);
        for (LoadLoop loop : loops) {
            interval.add(loop.tally().steady().getIntervalHistogram());
            disturbedInterval.add(loop.tally().disturbed().getIntervalHistogram());
        }
        add("steady", interval, steady);
        add("disturbed", disturbedInterval, disturbed);
        add("connect", tally.connects().getIntervalHistogram(), connects);
        add("delay", tally.delays().getIntervalHistogram(), delays);
        long frames = frames();
        long bytes = bytes();
        long published = tally.of(Count.PUBLISHED);
        long cpu = Limits.cpuNanos();
        Sample sample = new Sample(
                Math.round((now - begin) / SECOND * 1000) / 1000.0,
                phase,
                tally.in(State.WAITING),
                tally.in(State.CONNECTING),
                tally.in(State.READY),
                tally.in(State.STALLED),
                tally.in(State.AWAY),
                tally.in(State.ENDED),
                frames,
                (frames - lastFrames) / seconds,
                (bytes - lastBytes) / seconds / MEGA,
                (published - lastPublished) / seconds,
                Math.max(0, cpu - lastCpu) / SECOND / seconds,
                Percentiles.of(interval));
        lastNanos = now;
        lastFrames = frames;
        lastBytes = bytes;
        lastPublished = published;
        lastCpu = cpu;
        if (samples.size() < MOST_SAMPLES) {
            samples.add(sample);
        }
        return sample;
    }

    private void add(String tag, Histogram interval, Histogram whole) {
        whole.add(interval);
        if (log != null && interval.getTotalCount() > 0) {
            long now = System.currentTimeMillis();
            interval.setTag(tag);
            interval.setStartTimeStamp(Math.round(beginMillis + (lastNanos - begin) / MEGA));
            interval.setEndTimeStamp(Math.max(interval.getStartTimeStamp() + 1, now));
            log.outputIntervalHistogram(interval);
        }
    }

    long frames() {
        return loops.stream().mapToLong(loop -> loop.tally().frames()).sum();
    }

    long bytes() {
        return loops.stream().mapToLong(loop -> loop.tally().bytes()).sum();
    }

    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** Latencies of the clients that neither stalled nor were cut. */
    synchronized Percentiles steady() {
        return Percentiles.of(steady);
    }

    synchronized Percentiles disturbed() {
        return Percentiles.of(disturbed);
    }

    synchronized Percentiles connects() {
        return Percentiles.of(connects);
    }

    synchronized Percentiles delays() {
        return Percentiles.of(delays);
    }
}
