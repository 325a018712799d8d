package dev.guildhall;

/**
 * Where the engine takes time from, so that tests need not wait for it.
 */
public interface EngineClock {

    /** The machine's clocks. */
    EngineClock SYSTEM = new EngineClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public String toString() {
            return "EngineClock.SYSTEM";
        }
    };

    /**
     * Time for measuring spans.
     *
     * @return nanoseconds since an arbitrary moment, never going back
     */
    long nanoTime();

    /**
     * Time of day.
     *
     * @return milliseconds since 1970
     */
    long epochMillis();
}
