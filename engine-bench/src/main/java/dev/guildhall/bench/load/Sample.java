package dev.guildhall.bench.load;

/**
 * One moment of a load: where the connections are, what came a second since the sample before, and the latencies of that time.
 *
 * @param second since the load began
 * @param processors that the generator's process had, in the mean; 0 where that is not known
 * @param framesPerSecond that were received, control messages included
 */
record Sample(
        double second,
        String phase,
        int waiting,
        int connecting,
        int ready,
        int stalled,
        int away,
        int ended,
        long frames,
        double framesPerSecond,
        double megabytesPerSecond,
        double publishesPerSecond,
        double processors,
        Percentiles latencyMillis) {}
