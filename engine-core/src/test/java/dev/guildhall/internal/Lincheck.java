package dev.guildhall.internal;

import org.jetbrains.lincheck.datastructures.StressOptions;

/** How long the build looks for a schedule that no order of the calls explains. */
final class Lincheck {
    private Lincheck() {}

    static void stress(Class<?> test) {
        new StressOptions()
                .iterations(6)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsPerThread(4)
                .check(test);
    }
}
