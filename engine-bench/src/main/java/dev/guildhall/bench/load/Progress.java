package dev.guildhall.bench.load;

import java.time.Duration;

/** Shows how a load goes on. Called from one thread at a time. */
interface Progress extends AutoCloseable {

    /**
     * A moment of a load.
     *
     * @param elapsed since the phase began
     * @param planned how long the phase takes at most
     */
    record Moment(Scenario scenario, Phase phase, Duration elapsed, Duration planned, Sample sample, Tally tally) {}

    /** How many of the users that the clients need are ready. */
    void preparing(int users, int of);

    void show(Moment moment);

    /** Leaves the terminal as it was. */
    @Override
    void close();
}
