package dev.guildhall.bench;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One line of a {@link Suite}: a benchmark's method with its parameters.
 *
 * @param name of the line, and of its figures
 * @param isQuick whether the short form runs it
 * @param benchmark JMH's class
 * @param method its method
 * @param parameters by name
 * @param operations how many of the suite's operations JMH takes for one
 */
record SuiteCase(
        String name,
        boolean isQuick,
        Class<?> benchmark,
        String method,
        Map<String, String> parameters,
        int operations) {

    SuiteCase(String name, Class<?> benchmark, String method, Map<String, String> parameters) {
        this(name, true, benchmark, method, parameters, 1);
    }

    /** A contender at a size, which is the parameter of that name. */
    static SuiteCase of(Class<?> benchmark, String method, Enum<?> contender, String sizeName, int size) {
        return new SuiteCase(
                nameOf(contender) + "." + size,
                benchmark,
                method,
                Map.of("contender", contender.name(), sizeName, Integer.toString(size)));
    }

    /** A contender that has no size. */
    static SuiteCase of(Class<?> benchmark, String method, Enum<?> contender) {
        return new SuiteCase(nameOf(contender), benchmark, method, Map.of("contender", contender.name()));
    }

    private static String nameOf(Enum<?> contender) {
        return contender.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The same with one more parameter, which the name does not tell. */
    SuiteCase with(String parameter, String value) {
        Map<String, String> more = new TreeMap<>(parameters);
        more.put(parameter, value);
        return new SuiteCase(name, isQuick, benchmark, method, more, operations);
    }

    /** Left out of the short form. */
    SuiteCase inFull() {
        return new SuiteCase(name, false, benchmark, method, parameters, operations);
    }

    /** JMH takes so many operations for one. */
    SuiteCase of(int operationsOfOne) {
        return new SuiteCase(name, isQuick, benchmark, method, parameters, operationsOfOne);
    }
}
