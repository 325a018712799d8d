package dev.guildhall.bench.load;

import dev.guildhall.bench.load.Tally.Count;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A line every few seconds, for logs. */
final class PlainProgress implements Progress {
    private static final int SECONDS = 5;
    private static final int USERS = 50;

    private final PrintStream out;
    private @Nullable Phase shown;
    private int silent;

    PlainProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void preparing(int users, int of) {
        if (of > 1 && (users % USERS == 0 || users == of)) {
            out.printf(Locale.ROOT, "preparing: %,d of %,d users%n", users, of);
        }
    }

    @Override
    public void show(Moment moment) {
        if (moment.phase() == shown && ++silent < SECONDS) {
            return;
        }
        shown = moment.phase();
        silent = 0;
        Sample sample = moment.sample();
        Percentiles latency = sample.latencyMillis();
        long errors = moment.tally().errors().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        out.printf(
                Locale.ROOT,
                "%6.1f s  %s: %,d ready, %,d connecting, %,d stalled, %,d away; %s publishes/s, %s frames/s; p50 %s, p99 %s,"
                        + " max %s ms; resumes %,d, links lost %,d, errors %,d%n",
                sample.second(),
                moment.phase().label(),
                sample.ready(),
                sample.connecting(),
                sample.stalled(),
                sample.away(),
                Words.count(sample.publishesPerSecond()),
                Words.count(sample.framesPerSecond()),
                Words.millis(latency.p50()),
                Words.millis(latency.p99()),
                Words.millis(latency.max()),
                moment.tally().of(Count.RESUMES),
                moment.tally().of(Count.LINKS_LOST),
                errors);
    }

    @Override
    public void close() {
        out.flush();
    }
}
