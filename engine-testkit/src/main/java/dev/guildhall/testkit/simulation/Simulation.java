package dev.guildhall.testkit.simulation;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs whole engines, one schedule for each seed, and checks that they keep their promises. A schedule has publishers, plain guilds and such
 * with handlers that refuse, change, throw, stay down and are revived, and sessions whose connections stall, break and are resumed on
 * other lanes. The seed decides all of it and the order in which lanes, guilds, blocking tasks and timers run, so a seed always
 * does the same. {@code docs/testing.md} says what is checked.
 *
 * <p>Everything runs on the calling thread; nothing blocks. Any thread may run schedules, several at the same time.
 */
public final class Simulation {
    /** Seeds that follow each other give almost the same first numbers. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private Simulation() {}

    /**
     * How a schedule went.
     *
     * @param seed which one it was
     * @param hash of all that happened, the same each time the seed is run
     * @param counts how often things happened, by name
     * @param failure what the engine did wrong; null if nothing
     */
    public record Result(
            long seed,
            long hash,
            Map<String, Long> counts,
            @Nullable Throwable failure) {

        /**
         * Copies the counts.
         *
         * @param seed which one it was
         * @param hash of all that happened
         * @param counts how often things happened
         * @param failure what went wrong, or null
         */
        public Result {
            counts = Map.copyOf(counts);
        }

        /**
         * The command that runs this schedule again.
         *
         * @return a line for a shell
         */
        public String command() {
            return "./guildhall simulate --seed " + seed;
        }
    }

    /**
     * How many schedules went.
     *
     * @param schedules how many
     * @param failures how many of them failed
     * @param counts how often things happened in all of them, by name
     */
    public record Summary(int schedules, int failures, Map<String, Long> counts) {

        /**
         * Copies the counts.
         *
         * @param schedules how many
         * @param failures how many of them failed
         * @param counts how often things happened
         */
        public Summary {
            counts = Map.copyOf(counts);
        }
    }

    /**
     * Runs one schedule.
     *
     * @param seed any number
     * @return how it went
     */
    public static Result run(long seed) {
        return run(seed, false);
    }

    private static Result run(long seed, boolean verbose) {
        Trace trace = new Trace(verbose);
        Throwable failure = null;
        World world = new World(seed * SPREAD, trace);
        try {
            new Schedule(world).play();
            world.throwIfFailed();
        } catch (Violation | RuntimeException e) {
            failure = e;
        }
        return new Result(seed, trace.hash(), trace.counts(), failure);
    }

    /**
     * Runs the schedules of seeds that follow each other.
     *
     * @param first the first seed
     * @param count how many, at least 1
     * @param verbose whether to print everything that happens to the standard output
     * @param failed told of each that fails, at once
     * @return how they went
     * @throws IllegalArgumentException if the count is less than 1
     */
    public static Summary run(long first, int count, boolean verbose, Consumer<Result> failed) {
        if (count < 1) {
            throw new IllegalArgumentException("at least 1 schedule can be run, not " + count);
        }
        Map<String, Long> counts = new TreeMap<>();
        int failures = 0;
        for (int i = 0; i < count; i++) {
            Result result = run(first + i, verbose);
            result.counts().forEach((name, times) -> counts.merge(name, times, Long::sum));
            if (result.failure() != null) {
                failures++;
                failed.accept(result);
            }
        }
        return new Summary(count, failures, counts);
    }
}
