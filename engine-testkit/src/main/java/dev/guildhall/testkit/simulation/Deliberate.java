package dev.guildhall.testkit.simulation;

import java.io.Serial;

/** What application code throws here. Without a trace, which the engine would log thousands of times. */
final class Deliberate extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    Deliberate() {
        super("deliberate", null, false, false);
    }
}
