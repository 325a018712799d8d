package dev.guildhall.internal;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a user to the subscriptions of one slice: made when something first asks for users there, kept up to date from then on. The
 * subscriptions of a user are a list through themselves, so leaving is constant however many sessions a user has. Lane only.
 */
final class UserIndex {
    private final Map<String, LocalSubscription> firsts = new HashMap<>();

    void add(LocalSubscription subscription) {
        LocalSubscription next = firsts.put(subscription.session.user(), subscription);
        subscription.nextOfUser = next;
        if (next != null) {
            next.previousOfUser = subscription;
        }
    }

    void remove(LocalSubscription subscription) {
        LocalSubscription previous = subscription.previousOfUser;
        LocalSubscription next = subscription.nextOfUser;
        if (next != null) {
            next.previousOfUser = previous;
        }
        if (previous != null) {
            previous.nextOfUser = next;
        } else if (next != null) {
            firsts.put(subscription.session.user(), next);
        } else {
            firsts.remove(subscription.session.user());
        }
        subscription.previousOfUser = null;
        subscription.nextOfUser = null;
    }

    /** The first subscription of the user, which knows the next; null if there is none. */
    @Nullable
    LocalSubscription first(String user) {
        return firsts.get(user);
    }

    @Override
    public String toString() {
        return "UserIndex[" + firsts.size() + " users]";
    }
}
