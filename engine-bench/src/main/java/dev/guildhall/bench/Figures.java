package dev.guildhall.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The machine-readable lines that end every command: {@code figure NAME VALUE}. */
public final class Figures {
    private Figures() {}

    public static void print(String name, double value) {
        System.out.printf(Locale.ROOT, "figure %s %s%n", name, format(value));
    }

    public static void printCount(String name, long value) {
        System.out.printf(Locale.ROOT, "figure %s %d%n", name, value);
    }

    /** Prints the median of the values and, beside it, the smallest and the largest. */
    public static void printSpread(String name, double[] values) {
        print(name, median(values));
        print(name + ".min", Arrays.stream(values).min().orElseThrow());
        print(name + ".max", Arrays.stream(values).max().orElseThrow());
    }

    /** Prints the values in the same way and answers whether their median is within its bound; says so if it is not. */
    static boolean printGated(String name, double[] values, double most) {
        printSpread(name, values);
        double median = median(values);
        if (median <= most) {
            return true;
        }
        System.err.printf(Locale.ROOT, "%s is %s, but may be at most %s%n", name, format(median), format(most));
        return false;
    }

    /** Prints one value and answers whether it is within its bound; says so if it is not. */
    static boolean printAtMost(String name, double value, double most) {
        print(name, value);
        if (value > most) {
            System.err.printf(Locale.ROOT, "%s is %s, but may be at most %s%n", name, format(value), format(most));
        }
        return value <= most;
    }

    /** The same for values that are to be large. */
    static boolean printGatedFromBelow(String name, double[] values, double least) {
        printSpread(name, values);
        double median = median(values);
        if (median >= least) {
            return true;
        }
        System.err.printf(Locale.ROOT, "%s is %s, but must be at least %s%n", name, format(median), format(least));
        return false;
    }

    /** The value of a figure in the lines that a child printed. */
    public static double find(String name, List<String> lines) {
        String start = "figure " + name + " ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no figure " + name + " in " + lines));
    }

    public static double median(double[] values) {
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
