package dev.guildhall.testkit.simulation;

import java.io.Serial;

/** The engine has not kept a promise. */
final class Violation extends AssertionError {
    @Serial
    private static final long serialVersionUID = 1L;

    Violation(String message) {
        super(message);
    }

    @SuppressWarnings("AnnotateFormatMethod") // error-prone's annotation is no dependency
    static void unless(boolean holds, String format, Object... arguments) {
        if (!holds) {
            throw new Violation(format.formatted(arguments));
        }
    }
}
