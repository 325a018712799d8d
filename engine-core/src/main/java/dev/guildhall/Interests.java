package dev.guildhall;

import dev.guildhall.internal.InterestSet;

/**
 * The classes of events that a subscription receives: those the application numbers itself, such as a client's intents, and the
 * visibility classes that a guild gives to its {@link Channels}. Immutable, with {@code equals}; share instances.
 *
 * <p>The classes 0 to 62 are the bits of one word and cost nothing more than the walk of an event does. The others share one bit, and who
 * has that is looked at again, so what is received is exact in any case.
 */
public sealed interface Interests permits InterestSet {

    /** Highest number of a class. */
    int MAX_CLASS = 65_535;

    /**
     * Everything, private channels included.
     *
     * @return all classes there are or will be
     */
    static Interests all() {
        return InterestSet.ALL;
    }

    /**
     * Some classes.
     *
     * @param classes numbers from 0 to {@value #MAX_CLASS}; none means only what is for everybody
     * @return the set
     * @throws IllegalArgumentException if a number is out of range
     */
    static Interests of(int... classes) {
        return InterestSet.of(classes);
    }

    /**
     * The classes of a mask.
     *
     * @param mask bit n is class n for the bits 0 to 62; bit 63 means nothing, but in -1, which is {@link #all()}
     * @return the set
     */
    static Interests ofMask(long mask) {
        return InterestSet.ofMask(mask);
    }

    /**
     * These and others.
     *
     * @param others more classes
     * @return the union
     */
    Interests and(Interests others);

    /**
     * Whether a class is one of these.
     *
     * @param number of the class
     * @return whether events that need this class alone are received
     */
    boolean contains(int number);
}
