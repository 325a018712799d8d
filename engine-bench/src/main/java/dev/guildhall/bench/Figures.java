package dev.guildhall.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The machine-readable lines that end every command: {@code figure NAME VALUE}. */
final class Figures {
    private Figures() {}

    static void print(String name, double value) {
        System.out.printf(Locale.ROOT, "figure %s %s%n", name, format(value));
    }

    /** The value of a figure in the lines that a child printed. */
    static double find(String name, List<String> lines) {
        String start = "figure " + name + " ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no figure " + name + " in " + lines));
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
