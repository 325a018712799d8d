package dev.guildhall.bench;

import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The objects on this JVM's heap by class, after a full collection, as its diagnostic command {@code GC.class_histogram} counts them. */
record ClassHistogram(Map<String, Count> classes) {
    /** {@code    1:       1000042       96004032  dev.guildhall.internal.LocalSession (module)}. */
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    /** Objects of a class, and their bytes. */
    record Count(long instances, long bytes) {
        static final Count NONE = new Count(0, 0);

        Count minus(Count other) {
            return new Count(instances - other.instances, bytes - other.bytes);
        }
    }

    /** A class, and how much of it there is. */
    record Row(String name, Count count) {}

    /** Of this moment. */
    static ClassHistogram take() {
        String text;
        try {
            text = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IllegalStateException("this JVM has no diagnostic command GC.class_histogram", e);
        }
        return parse(text);
    }

    static ClassHistogram parse(String text) {
        Map<String, Count> classes = new HashMap<>();
        text.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            Count count = new Count(Long.parseLong(line.group(1)), Long.parseLong(line.group(2)));
            classes.merge(
                    line.group(3),
                    count,
                    (one, other) -> // two loaders may have a class of one name
                    new Count(one.instances + other.instances, one.bytes + other.bytes));
        });
        return new ClassHistogram(classes);
    }

    /** What there is more than before, the largest first. */
    List<Row> growthSince(ClassHistogram before) {
        return classes.entrySet().stream()
                .map(entry -> new Row(
                        entry.getKey(),
                        entry.getValue().minus(before.classes.getOrDefault(entry.getKey(), Count.NONE))))
                .filter(row -> row.count.bytes > 0)
                .sorted(Comparator.comparingLong((Row row) -> row.count.bytes).reversed())
                .toList();
    }

    /** Prints the growth for each of so many things, as far as it is half a byte or more. */
    void printGrowthSince(ClassHistogram before, int things) {
        System.out.printf("  %12s %12s  %s%n", "bytes each", "objects each", "class");
        for (Row row : growthSince(before)) {
            double bytes = (double) row.count.bytes / things;
            if (bytes >= 0.5) {
                System.out.printf(
                        Locale.ROOT, "  %12.1f %12.3f  %s%n", bytes, (double) row.count.instances / things, row.name);
            }
        }
    }
}
