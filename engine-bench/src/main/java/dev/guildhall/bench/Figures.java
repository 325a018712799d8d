package dev.guildhall.bench;

import dev.guildhall.bench.results.Figure;
import dev.guildhall.bench.results.Recording;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The machine-readable lines that end every command: {@code figure NAME VALUE}. What is printed is also {@link Recording recorded}, with
 * its samples and its bound, for the option {@code --results}.
 */
public final class Figures {
    private Figures() {}

    public static void print(String name, double value) {
        record(Figure.of(name, value));
        printLine(name, value);
    }

    public static void printCount(String name, long value) {
        record(Figure.of(name, (double) value));
        System.out.printf(Locale.ROOT, "figure %s %d%n", name, value);
    }

    /** Prints the median of the values and, beside it, the smallest and the largest. */
    public static void printSpread(String name, double[] values) {
        printSpread(Figure.of(name, values));
    }

    /** Prints the values in the same way and answers whether their median is within its bound; says so if it is not. */
    public static boolean printGated(String name, double[] values, double most) {
        return printSpread(Figure.of(name, values).atMost(most)).isWithin()
                || say(name, median(values), "may be at most", most);
    }

    /** Prints one value and answers whether it is within its bound; says so if it is not. */
    public static boolean printAtMost(String name, double value, double most) {
        record(Figure.of(name, value).atMost(most));
        printLine(name, value);
        return value <= most || say(name, value, "may be at most", most);
    }

    /** The same for values that are to be large. */
    public static boolean printGatedFromBelow(String name, double[] values, double least) {
        return printSpread(Figure.of(name, values).atLeast(least)).isWithin()
                || say(name, median(values), "must be at least", least);
    }

    private static Figure printSpread(Figure figure) {
        record(figure);
        printLine(figure.name(), figure.median());
        printLine(figure.name() + ".min", figure.min());
        printLine(figure.name() + ".max", figure.max());
        return figure;
    }

    private static void record(Figure figure) {
        Recording.current().add(figure);
    }

    private static void printLine(String name, double value) {
        System.out.printf(Locale.ROOT, "figure %s %s%n", name, format(value));
    }

    /** Always false, for the caller to answer. */
    private static boolean say(String name, double value, String bound, double limit) {
        System.err.printf(Locale.ROOT, "%s is %s, but %s %s%n", name, format(value), bound, format(limit));
        return false;
    }

    /** The value of a figure in the lines that a child printed. */
    public static double find(String name, List<String> lines) {
        double[] all = findAll(name, lines);
        if (all.length == 0) {
            throw new IllegalStateException("no figure " + name + " in " + lines);
        }
        return all[0];
    }

    /** The values of a figure in the lines that several children printed. */
    static double[] findAll(String name, List<String> lines) {
        String start = "figure " + name + " ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .toArray();
    }

    public static double median(double[] values) {
        return Figure.of("these", values).median();
    }

    /** What was measured in rounds over what was measured beside it in the same rounds; of as many rounds as both have. */
    public static double[] ratios(double[] values, double[] over) {
        return IntStream.range(0, Math.min(values.length, over.length))
                .mapToDouble(i -> values[i] / over[i])
                .toArray();
    }

    private static String format(double value) {
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.4f", value);
    }
}
