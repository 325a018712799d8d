package dev.guildhall.internal;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a guild's log that changes who receives what. Each slice of the guild passes it at its exact place among the
 * events; a batch ends before it, so no permission is overtaken.
 *
 * <p>{@code offset} is written between claim and store, as a {@link LogEvent}'s is.
 */
abstract sealed class Control {
    long offset = -1;

    /** Called between claim and store, so it must neither allocate nor throw. */
    void ordered(long at) {
        offset = at;
    }

    /** The slice's cursor is here; on the slice's lane, between walks. */
    abstract void pass(Slice slice);

    /** The slice was lapped and will never pass this. On its lane. */
    abstract void jump(Slice slice);

    /**
     * A subscription begins. {@code subscription} is cleared by the lane that owns it when the entry is passed, so that a log's history
     * does not keep sessions alive. Other lanes read it too, to see that it is not theirs; for them an old value and null mean the
     * same.
     */
    static final class Begin extends Control {
        private @Nullable LocalSubscription subscription;

        Begin(LocalSubscription subscription) {
            this.subscription = subscription;
        }

        @Override
        void ordered(long at) {
            super.ordered(at);
            LocalSubscription beginning = subscription;
            if (beginning != null) {
                beginning.ordered(at);
            }
        }

        @Override
        void pass(Slice slice) {
            LocalSubscription beginning = take(slice);
            if (beginning != null && !beginning.passed) {
                slice.begin(beginning);
            }
        }

        /** The slice finds the subscription with its session. */
        @Override
        void jump(Slice slice) {
            take(slice);
        }

        private @Nullable LocalSubscription take(Slice slice) {
            LocalSubscription present = subscription;
            if (present == null || present.slice() != slice) {
                return null;
            }
            subscription = null;
            return present;
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + offset + "]";
    }
}
