package dev.guildhall.internal;

/**
 * Where values go that are read for one purpose only: asked for several in a row, before the first of them is worked with, the processor fetches
 * their cache lines at once and not one after the other. Taken here, the compiler does not leave out the reads. Lane only.
 */
final class Touched {
    @SuppressWarnings("UnusedVariable") // but written
    private int values;

    void take(int value) {
        values = value;
    }
}
