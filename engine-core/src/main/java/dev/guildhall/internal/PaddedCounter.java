package dev.guildhall.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A long on cache lines of its own, for words that one thread writes while others work on their neighbours: a log's claim, a
 * slice's cursor, a dirty flag. The fields around {@code value} are spread over a class hierarchy because the JVM keeps the
 * fields of a superclass before those of its subclass but orders the fields of one class as it likes; the trick is JCTools'.
 */
final class PaddedCounter extends PaddedCounterValue {
    long unused10;
    long unused11;
    long unused12;
    long unused13;
    long unused14;
    long unused15;
    long unused16;

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(PaddedCounterValue.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    long getPlain() {
        return value;
    }

    long getOpaque() {
        return (long) VALUE.getOpaque(this);
    }

    long getVolatile() {
        return (long) VALUE.getVolatile(this);
    }

    void setOpaque(long next) {
        VALUE.setOpaque(this, next);
    }

    void setRelease(long next) {
        VALUE.setRelease(this, next);
    }

    void setVolatile(long next) {
        VALUE.setVolatile(this, next);
    }

    boolean compareAndSet(long expected, long next) {
        return VALUE.compareAndSet(this, expected, next);
    }

    @Override
    public String toString() {
        return Long.toString(getOpaque());
    }
}

/** Padding before the value. */
class PaddedCounterLead {
    long unused00;
    long unused01;
    long unused02;
    long unused03;
    long unused04;
    long unused05;
    long unused06;
}

/** The value. */
class PaddedCounterValue extends PaddedCounterLead {
    long value;
}
