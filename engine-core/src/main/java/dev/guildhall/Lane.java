package dev.guildhall;

import dev.guildhall.internal.LocalLane;

/**
 * A serial execution slot that owns sessions. Everything a session receives is delivered by its lane; code on a lane must
 * not block.
 */
public sealed interface Lane permits LocalLane {

    /**
     * Place among the engine's lanes.
     *
     * @return 0 to lanes - 1
     */
    int index();

    /**
     * Whether the calling thread is running this lane now.
     *
     * @return true inside a turn of this lane
     */
    boolean isCurrent();
}
