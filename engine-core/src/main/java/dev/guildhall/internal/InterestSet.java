package dev.guildhall.internal;

import dev.guildhall.Interests;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Interests as a walk compares them: a word whose bit 63 stands for every class from 63 on, and those classes exactly. Immutable.
 */
public final class InterestSet implements Interests {
    /** The bit that the classes from 63 on share; also the first of these classes. */
    static final int OVERFLOW_CLASS = 63;

    static final long OVERFLOW = 1L << OVERFLOW_CLASS;

    private static final int[] NONE = {};

    /** Everything. */
    public static final InterestSet ALL = new InterestSet(-1L, NONE);

    /** Only what is for everybody: what a subscription has whose interests are not certain. */
    static final InterestSet NOTHING = new InterestSet(0L, NONE);

    final long mask;

    /** Classes from 63 on, ascending. Empty means all of them if the mask has their bit. */
    private final int[] overflow;

    private InterestSet(long mask, int[] overflow) {
        this.mask = mask;
        this.overflow = overflow;
    }

    /** The given classes, checked. */
    public static InterestSet of(int... classes) {
        long mask = 0;
        for (int number : classes) {
            if (number < 0 || number > MAX_CLASS) {
                throw new IllegalArgumentException("a class must be between 0 and " + MAX_CLASS + ", was " + number);
            }
            mask |= maskOf(number);
        }
        return mask == 0 ? NOTHING : new InterestSet(mask, overflowOf(classes));
    }

    /** The bits of a mask, see {@link Interests#ofMask}. */
    public static InterestSet ofMask(long mask) {
        if (mask == -1L) {
            return ALL;
        }
        long bits = mask & ~OVERFLOW;
        return bits == 0 ? NOTHING : new InterestSet(bits, NONE);
    }

    /** The bit of a class. */
    static long maskOf(int number) {
        return 1L << Math.min(number, OVERFLOW_CLASS);
    }

    /** Those of the classes that have no bit of their own, ascending. */
    static int[] overflowOf(int... classes) {
        return Arrays.stream(classes)
                .filter(number -> number >= OVERFLOW_CLASS)
                .sorted()
                .distinct()
                .toArray();
    }

    boolean isAll() {
        return this == ALL;
    }

    /** This if the mask alone does not say which classes from 63 on are in it; null if it does. */
    @Nullable
    InterestSet exact() {
        return overflow.length == 0 ? null : this;
    }

    /** Whether the classes, which are from 63 on, are all in this; asked when the mask has their bit. */
    boolean covers(int[] needed) {
        if (overflow.length == 0) {
            return isAll();
        }
        for (int number : needed) {
            if (Arrays.binarySearch(overflow, number) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public InterestSet and(Interests others) {
        InterestSet other = (InterestSet) others;
        if (isAll() || other.isAll()) {
            return ALL;
        }
        int[] both = IntStream.concat(Arrays.stream(overflow), Arrays.stream(other.overflow))
                .sorted()
                .distinct()
                .toArray();
        return new InterestSet(mask | other.mask, both);
    }

    @Override
    public boolean contains(int number) {
        return isAll()
                || (number < OVERFLOW_CLASS
                        ? number >= 0 && (mask & 1L << number) != 0
                        : Arrays.binarySearch(overflow, number) >= 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InterestSet set && set.mask == mask && Arrays.equals(set.overflow, overflow);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(mask) + Arrays.hashCode(overflow);
    }

    @Override
    public String toString() {
        if (isAll()) {
            return "Interests[all]";
        }
        return "Interests[0x" + Long.toHexString(mask & ~OVERFLOW)
                + (overflow.length == 0 ? "" : ", " + Arrays.toString(overflow)) + "]";
    }
}
