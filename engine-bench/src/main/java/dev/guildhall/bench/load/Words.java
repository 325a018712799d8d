package dev.guildhall.bench.load;

import java.util.Locale;

/** How numbers are written for people. */
final class Words {
    private static final double TEN = 10;
    private static final double HUNDRED = 100;

    private Words() {}

    static String count(double value) {
        return count(Math.round(value));
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Three digits or more. */
    static String millis(double value) {
        String format = value < TEN ? "%.2f" : value < HUNDRED ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, value);
    }

    static String megabytes(double value) {
        return String.format(Locale.ROOT, value < TEN ? "%.1f MB/s" : "%,.0f MB/s", value);
    }
}
