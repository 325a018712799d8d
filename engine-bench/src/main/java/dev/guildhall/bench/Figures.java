package dev.guildhall.bench;

import java.util.Arrays;
import java.util.Locale;

/** The machine-readable lines that end every command: {@code figure NAME VALUE}. */
final class Figures {
    private Figures() {}

    static void print(String name, double value) {
        System.out.printf(Locale.ROOT, "figure %s %s%n", name, format(value));
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String format(double value) {
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.4f", value);
    }
}
