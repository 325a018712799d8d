package dev.guildhall.internal;

/** Something to do on a lane, once, between its walks. It must not throw. */
@FunctionalInterface
interface LaneTask {

    /** Does it; {@code lane} is the one that runs. */
    void runOn(LocalLane lane);
}
