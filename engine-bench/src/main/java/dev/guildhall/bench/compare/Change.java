package dev.guildhall.bench.compare;

/** What became of a figure, in the order in which the command tells it. */
enum Change {
    /** Beyond noise. */
    WORSE(true),
    /** The command that measures it ran as for the baseline, but the figure is not there. */
    MISSING(true),
    /** Beyond noise. */
    BETTER(false),
    /** Not in the baseline. */
    NEW(false),
    /** The command that measures it did not run, or with other options. */
    NOT_RUN(false),
    /** Within noise. */
    HELD(false);

    private final boolean fails;

    Change(boolean fails) {
        this.fails = fails;
    }

    /** Whether the check fails. */
    boolean fails() {
        return fails;
    }
}
