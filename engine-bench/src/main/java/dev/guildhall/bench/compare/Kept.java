package dev.guildhall.bench.compare;

import dev.guildhall.bench.results.Figure;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A figure of the baseline.
 *
 * @param command the line that measured it
 * @param better which way is better; to be corrected in the file by hand where the guess was wrong
 */
record Kept(String name, Kind kind, Better better, double median, double min, double max, String command) {

    /** What can be compared between machines. */
    enum Kind {
        /** One time over another of the same run. */
        RATIO,
        /** Of an operation or of an object, measured: the same on each machine. */
        BYTES,
        /** Counted one by one. */
        COUNTED_BYTES;

        private static final Pattern RATIO_NAME = Pattern.compile("(.*[.-])?ratio([.-].*)?");
        private static final Pattern BYTES_NAME = Pattern.compile("(.*[.-])?bytes([.-].*)?");

        /** By the name; empty for times, rates and counts, which say as much of the machine as of the code. */
        static Optional<Kind> of(String figure) {
            if (BYTES_NAME.matcher(figure).matches()) {
                return Optional.of(figure.startsWith("allocations.") ? COUNTED_BYTES : BYTES);
            }
            return RATIO_NAME.matcher(figure).matches() ? Optional.of(RATIO) : Optional.empty();
        }
    }

    /** The direction. */
    enum Better {
        HIGHER,
        LOWER;

        /** A bound tells; without one, what is ours over theirs and counts what is done in a second has one of these names. */
        static Better of(Figure figure) {
            if (figure.most() != null || figure.least() != null) {
                return figure.most() != null ? LOWER : HIGHER;
            }
            boolean isOursOverTheirs =
                    figure.name().matches("(rivals|fanout|publish)\\..*|gateway\\..*\\.frames-ratio");
            return isOursOverTheirs && Kind.of(figure.name()).equals(Optional.of(Kind.RATIO)) ? HIGHER : LOWER;
        }
    }

    static Kept of(Figure figure, Kind kind, Better better, String command) {
        return new Kept(figure.name(), kind, better, figure.median(), figure.min(), figure.max(), command);
    }

    /**
     * How the figure changed. A ratio has changed if each median is outside the other's range, and they differ by the tolerance:
     * rounds of one run agree more with each other than with those of another day. Bytes that were measured have changed if their
     * median is outside the range that is kept, and by more than measuring adds: one in a hundred, or a hundredth of a byte. Bytes
     * that were counted may not differ.
     */
    Change change(Figure now, double tolerancePercent) {
        double worsening = better == Better.LOWER ? now.median() - median : median - now.median();
        double noise = switch (kind) {
            case RATIO -> Math.abs(median) * tolerancePercent / 100;
            case BYTES -> Math.max(0.01, median / 100);
            case COUNTED_BYTES -> 0;
        };
        boolean isApart =
                isOutside(now.median(), min, max) && (kind != Kind.RATIO || isOutside(median, now.min(), now.max()));
        if (Math.abs(worsening) <= noise || !isApart) {
            return Change.HELD;
        }
        return worsening > 0 ? Change.WORSE : Change.BETTER;
    }

    private static boolean isOutside(double value, double min, double max) {
        return value < min || value > max;
    }
}
