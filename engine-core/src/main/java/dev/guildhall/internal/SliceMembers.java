package dev.guildhall.internal;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a {@link Slice}, in dense arrays: the active subscriptions first, the passive ones from {@code activeCount} on, so that a
 * walk ends where nobody gets the stream any more. Beside each receiver is its mask; who has classes from 63 on, of which the mask has
 * one bit for all, has them exactly in {@code exact}, an array that exists once anybody needs it.
 *
 * <p>A superclass and not a part, because a walk reads the arrays. Lane only; they change between walks, but for a place that is
 * emptied while a batch is under way.
 */
abstract sealed class SliceMembers permits Slice {
    private static final int FIRST_CAPACITY = 4;

    int size;

    /** Where the passive ones begin. */
    int activeCount;

    long[] masks = new long[FIRST_CAPACITY];

    @Nullable
    LocalSubscription[] subscriptions = new LocalSubscription[FIRST_CAPACITY];

    /** Null as long as nobody has classes that its mask does not tell apart. */
    private @Nullable InterestSet @Nullable [] exact;

    private final Incarnation guild;

    /** Null as long as nothing has asked for users. */
    private @Nullable UserIndex index;

    /** Null as long as nobody was passive. */
    private @Nullable UnreadGroups passive;

    SliceMembers(Incarnation guild) {
        this.guild = guild;
    }

    /** Makes the receiver array larger. */
    abstract void growReceivers(int capacity);

    /** Puts the subscription's receiver at the index. */
    abstract void setReceiver(int index, LocalSubscription subscription);

    /** Moves a receiver. */
    abstract void moveReceiver(int from, int to);

    /** Makes the receiver at the index one that takes nothing. */
    abstract void clearReceiver(int index);

    /** Whether one whose mask has the bits has the classes from 63 on too, which the event needs. */
    final boolean isConfirmed(int at, LogEvent event) {
        InterestSet known = exact == null ? null : exact[at];
        int[] needed = event.address.overflow;
        return needed.length > 0 && (known == null || known.covers(needed));
    }

    /** Whether one has every class there is. */
    final boolean hasAll(int at) {
        return masks[at] == -1L && (exact == null || exact[at] == null);
    }

    /** Whether one gets an event of the stream, from what it has beside its mask too. */
    final boolean matches(int at, LogEvent event) {
        long need = event.need;
        return (masks[at] & need) == need && (need >= 0 || isConfirmed(at, event));
    }

    // --- coming, going, changing

    final void addMember(LocalSubscription subscription) {
        insert(subscription);
        if (index != null) {
            index.add(subscription);
        }
    }

    /** Takes one out; its place stays as a hole if a batch is under way. */
    final void removeMember(LocalSubscription subscription, boolean leavesHole) {
        if (index != null) {
            index.remove(subscription);
        }
        leaveGroup(subscription);
        int at = subscription.index;
        subscription.index = -1;
        if (leavesHole) {
            subscriptions[at] = null;
            clearReceiver(at);
        } else {
            closeHole(at);
        }
    }

    /** Lets one be changed as if it were outside, and puts it where it belongs then. */
    final void change(LocalSubscription subscription, Runnable change) {
        leaveGroup(subscription);
        closeHole(subscription.index);
        change.run();
        insert(subscription);
    }

    private void insert(LocalSubscription subscription) {
        if (size == masks.length) {
            grow(Math.min(Slice.MAX_SUBSCRIPTIONS, size * 2));
        }
        int at = size++;
        if (subscription.unread == null) {
            if (activeCount < at) {
                move(activeCount, at);
            }
            at = activeCount++;
        }
        subscriptions[at] = subscription;
        subscription.index = at;
        setReceiver(at, subscription);
        setInterests(at, subscription.interests());
        if (subscription.unread != null) {
            groups().join(subscription);
        }
    }

    private void setInterests(int at, InterestSet interests) {
        masks[at] = interests.mask;
        InterestSet told = interests.exact();
        if (told != null && exact == null) {
            exact = new InterestSet[masks.length];
        }
        if (exact != null) {
            exact[at] = told;
        }
    }

    private void grow(int capacity) {
        masks = Arrays.copyOf(masks, capacity);
        subscriptions = Arrays.copyOf(subscriptions, capacity);
        if (exact != null) {
            exact = Arrays.copyOf(exact, capacity);
        }
        growReceivers(capacity);
    }

    /** Closes up all places that were emptied; from the end, so that what moves into one is none itself. */
    final void closeHoles() {
        for (int at = size - 1; at >= 0; at--) {
            if (subscriptions[at] == null) {
                closeHole(at);
            }
        }
    }

    private void closeHole(int hole) {
        int at = hole;
        if (at < activeCount) {
            int lastActive = --activeCount;
            moveIfOther(lastActive, at);
            at = lastActive;
        }
        int last = --size;
        moveIfOther(last, at);
        subscriptions[last] = null;
        if (exact != null) {
            exact[last] = null;
        }
        clearReceiver(last);
    }

    private void moveIfOther(int from, int to) {
        if (from != to) {
            move(from, to);
        }
    }

    private void move(int from, int to) {
        LocalSubscription moved = Objects.requireNonNull(subscriptions[from]);
        masks[to] = masks[from];
        if (exact != null) {
            exact[to] = exact[from];
        }
        subscriptions[to] = moved;
        moved.index = to;
        moveReceiver(from, to);
    }

    // --- users and passive ones

    /** The first subscription of a user here, which knows the next. */
    final @Nullable LocalSubscription firstOf(String user) {
        UserIndex present = index;
        if (present == null) {
            present = new UserIndex();
            for (int at = 0; at < size; at++) {
                present.add(Objects.requireNonNull(subscriptions[at]));
            }
            index = present;
        }
        return present.first(user);
    }

    private UnreadGroups groups() {
        UnreadGroups present = passive;
        if (present == null) {
            present = new UnreadGroups(guild);
            passive = present;
        }
        return present;
    }

    private void leaveGroup(LocalSubscription subscription) {
        if (subscription.unread != null) {
            groups().leave(subscription);
        }
    }

    /** Counts an event for the passive ones; answers whether there is something to tell them. */
    final boolean countUnread(LogEvent event) {
        return passive != null && passive.count(event);
    }

    /** What each passive one is to be told, which then counts as told. */
    final void forEachSummary(SummaryReceiver receiver) {
        if (passive == null || passive.isEmpty()) {
            return;
        }
        for (int at = activeCount; at < size; at++) {
            LocalSubscription subscription = subscriptions[at];
            LogEvent summary = subscription == null ? null : passive.summaryFor(subscription);
            if (summary != null) {
                receiver.deliverTo(at, summary);
            }
        }
        passive.told();
    }

    /** See {@link #forEachSummary}. */
    @FunctionalInterface
    interface SummaryReceiver {
        void deliverTo(int at, LogEvent summary);
    }
}
