package dev.guildhall.testkit.simulation;

import java.util.Map;
import java.util.TreeMap;

/** What happened in a schedule: as one number, by which two runs are compared, and how often. */
final class Trace {
    private static final long PRIME = 0x100000001b3L;

    private final Map<String, Long> counts = new TreeMap<>();
    private final boolean verbose;
    private long hash = 0xcbf29ce484222325L;

    Trace(boolean verbose) {
        this.verbose = verbose;
    }

    /** Something that has to be the same in each run of the seed. */
    void note(String what, long first, long second) {
        hash = ((hash * PRIME ^ what.hashCode()) * PRIME ^ first) * PRIME ^ second;
        if (verbose) {
            System.out.println(what + " " + first + " " + second);
        }
    }

    void note(String what, long first, Enum<?> second) {
        note(what + ' ' + second.name(), first, 0);
    }

    void count(String what) {
        count(what, 1);
    }

    void count(String what, long times) {
        if (times > 0) {
            counts.merge(what, times, Long::sum);
        }
    }

    Map<String, Long> counts() {
        return counts;
    }

    long hash() {
        return hash;
    }
}
