package dev.guildhall.internal;

import dev.guildhall.Subscription.Mode;
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

    /**
     * What the subscriptions of a user, or one of them, get from here on. It does not keep sessions alive: it names the user, or refers to
     * the one subscription through a {@link Target}, which forgets it when it has left.
     */
    static final class Change extends Control {
        final String user;
        final @Nullable InterestSet interests;
        final @Nullable Mode mode;
        private final @Nullable Target only;

        private Change(String user, @Nullable Target only, @Nullable InterestSet interests, @Nullable Mode mode) {
            this.user = user;
            this.only = only;
            this.interests = interests;
            this.mode = mode;
        }

        /** The interests of all of a user's subscriptions. */
        static Change ofAll(String user, InterestSet interests) {
            return new Change(user, null, interests, null);
        }

        /** The interests of one. */
        static Change of(String user, Target only, InterestSet interests) {
            return new Change(user, only, interests, null);
        }

        /** The mode of one. */
        static Change of(String user, Target only, Mode mode) {
            return new Change(user, only, null, mode);
        }

        boolean concerns(LocalSubscription subscription) {
            return only == null ? user.equals(subscription.session.user()) : only.subscription == subscription;
        }

        boolean isPassive() {
            return mode == Mode.PASSIVE;
        }

        @Override
        void pass(Slice slice) {
            if (only == null) {
                slice.changeAllOf(user, this);
                return;
            }
            LocalSubscription subscription = only.subscription;
            if (subscription != null && subscription.slice() == slice && subscription.index >= 0) {
                slice.change(subscription, this);
            }
        }

        /** The slice asks {@link Decisions} for all of its subscriptions. */
        @Override
        void jump(Slice slice) {}
    }

    /**
     * All subscriptions of a user that have begun end here. It does not keep sessions alive: it names the user, and those that
     * it ends refer to it ({@link Decisions}).
     */
    static final class Kick extends Control {
        final String user;

        Kick(String user) {
            this.user = user;
        }

        @Override
        void pass(Slice slice) {
            slice.endAllOf(user);
        }

        /** The slice asks {@link Decisions} for all of its subscriptions. */
        @Override
        void jump(Slice slice) {}
    }

    /** What is decided for one subscription alone, and where that finds it until it has left its slice. */
    static final class Target {
        @Nullable
        volatile LocalSubscription subscription;

        /** Guarded by {@link Decisions}: the newest changes. */
        @Nullable
        Change newestInterests;

        @Nullable
        Change newestMode;

        /** Written under {@link Decisions}, once. */
        volatile @Nullable Kick kick;

        Target(LocalSubscription subscription) {
            this.subscription = subscription;
        }

        void decided(Change change) {
            if (change.interests != null) {
                newestInterests = change;
            } else {
                newestMode = change;
            }
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + offset + "]";
    }
}
