package dev.guildhall.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest {@linkplain Control.Change change} of each user of a guild, for those who can no longer read the changes in the log: a slice
 * that was lapped, a subscription that the log has left behind on its way between lanes. Everybody else applies changes as its
 * cursor passes them.
 *
 * <p><b>Certain or closed.</b> A change takes its offset and its place here in one step under this object's monitor, so whoever has
 * read an offset from the log and then asks here finds every change before that offset. Changes after it may be here too, and hide
 * older ones. So the answer for a subscription that was served up to {@code from} and goes on at {@code to} is certain in two cases: the
 * newest change lies between, or none lies behind {@code from}. In all others the subscription is <em>closed</em>: it gets what is for
 * everybody and nothing that needs a class, until it passes a change of its interests, and then a GAP of that time. An old mask
 * is never used where a newer one may hold.
 *
 * <p><b>Kicks</b> are certain. A subscription takes the offset at which it begins under this monitor too, so whoever appends a kick
 * finds with the user's sessions all the subscriptions that it ends, and notes it in each. It is never replaced by a later one.
 *
 * <p><b>Bounds.</b> {@value #MAX_USERS} users; the one whose newest change is the oldest is forgotten first, and how far that reaches is
 * remembered. A subscription's own changes are kept with the subscription ({@link Control.Target}). The monitor is held for a claim that does not wait, a
 * store and a look-up.
 *
 * <p><b>Proofs.</b> None with two threads, as all is under a monitor; {@code AudienceRaceTest} runs it on real ones.
 */
final class Decisions {
    private static final int MAX_USERS = 16_384;

    /** The last of them is the newest. */
    private final Map<String, Control.Change> newestByUser = new LinkedHashMap<>();

    /** Offset of the newest change that was forgotten. */
    private long forgotten = -1;

    /** Appends the beginning of a subscription to the log. Answers as a claim. */
    synchronized long append(GuildLog log, Control.Begin begin) {
        return appendHere(log, begin);
    }

    /** Appends a kick to the log and notes it in all subscriptions of the user that have begun. Answers as a claim. */
    synchronized long append(GuildLog log, Control.Kick kick, Supplier<List<LocalSubscription>> ofUser) {
        long offset = appendHere(log, kick);
        if (offset >= 0) {
            ofUser.get().forEach(subscription -> subscription.kicked(kick));
        }
        return offset;
    }

    private static long appendHere(GuildLog log, Control control) {
        long offset = log.claim();
        if (offset >= 0) {
            control.ordered(offset);
            log.store(offset, control);
        }
        return offset;
    }

    /** Appends the change to the log; {@code only} is the subscription it is for, null for all of its user. Answers as a claim. */
    synchronized long append(GuildLog log, Control.Change change, @Nullable LocalSubscription only) {
        long offset = appendHere(log, change);
        if (offset >= 0) {
            if (only != null) {
                only.decided(change);
            } else {
                newestByUser.remove(change.user);
                newestByUser.put(change.user, change);
                forgetTooMany();
            }
        }
        return offset;
    }

    private void forgetTooMany() {
        if (newestByUser.size() > MAX_USERS) {
            Control.Change oldest = newestByUser.values().iterator().next();
            newestByUser.remove(oldest.user);
            forgotten = oldest.offset;
        }
    }

    /** Whether a subscription ends before the offset because its user was kicked. */
    synchronized boolean hasKicked(LocalSubscription subscription, long before) {
        Control.Kick kick = subscription.kick();
        return kick != null && kick.offset < before;
    }

    /**
     * Gives a subscription that was served up to {@code from} and now goes on at {@code to} what it may have there. The lane of the
     * subscription, while it has no place in a slice.
     */
    synchronized void bring(LocalSubscription subscription, long from, long to) {
        bringMode(subscription, from, to);
        Control.Change ofUser = newestByUser.get(subscription.session.user());
        Control.Change own = subscription.newestOwnInterests();
        Control.Change newest = newer(ofUser, own);
        long decidedAt = newest == null ? -1 : newest.offset;
        boolean mayHaveForgotten = ofUser == null && forgotten >= Math.max(from, decidedAt);
        if (decidedAt >= to || mayHaveForgotten) {
            subscription.close(to);
        } else if (newest != null && decidedAt >= from && newest.interests != null) {
            subscription.open(newest.interests);
        }
    }

    /** One that is not certain is active, which misses nothing. */
    private static void bringMode(LocalSubscription subscription, long from, long to) {
        Control.Change newest = subscription.newestMode();
        if (newest != null && newest.offset >= from) {
            subscription.setPassive(newest.offset < to && newest.isPassive());
        }
    }

    private static Control.@Nullable Change newer(Control.@Nullable Change one, Control.@Nullable Change other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.offset > other.offset ? one : other;
    }

    @Override
    public synchronized String toString() {
        return "Decisions[" + newestByUser.size() + " users]";
    }
}
