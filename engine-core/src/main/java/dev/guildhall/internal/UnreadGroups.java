package dev.guildhall.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts for the passive subscriptions of a slice what they do not get: once for all that have the same interests, so an event costs
 * as much as there are different interests among them, however many they are. They are told in one event that all share. One that
 * joined in the middle of a period, or has counted something elsewhere, is told in an event of its own, once. Lane only.
 */
final class UnreadGroups {
    private final Incarnation guild;
    private final Map<InterestSet, Group> byInterests = new HashMap<>();
    private final List<Group> groups = new ArrayList<>();

    UnreadGroups(Incarnation guild) {
        this.guild = guild;
    }

    /** Those with the same interests. */
    static final class Group {
        private final InterestSet interests;
        private int members;
        private long count;
        private long first;
        private long last = -1;
        private @Nullable LogEvent shared;

        private Group(InterestSet interests) {
            this.interests = interests;
        }

        @Override
        public String toString() {
            return members + " of " + interests + " have " + count;
        }
    }

    /** A passive subscription has got a place in the slice. */
    void join(LocalSubscription subscription) {
        Unread unread = Objects.requireNonNull(subscription.unread);
        Group group = byInterests.computeIfAbsent(subscription.interests(), this::open);
        group.members++;
        unread.group = group;
        unread.countBefore = group.count;
        unread.since = group.last + 1;
    }

    private Group open(InterestSet interests) {
        Group group = new Group(interests);
        groups.add(group);
        return group;
    }

    /** It leaves, or gets other interests, and takes along what it was not told. */
    void leave(LocalSubscription subscription) {
        Unread unread = Objects.requireNonNull(subscription.unread);
        Group group = Objects.requireNonNull(unread.group);
        takeFromGroup(unread, group);
        unread.group = null;
        if (--group.members == 0) {
            groups.remove(group);
            byInterests.remove(group.interests);
        }
    }

    private static void takeFromGroup(Unread unread, Group group) {
        long from = unread.countBefore == 0 ? group.first : unread.since;
        unread.add(group.count - unread.countBefore, from, group.last);
        unread.countBefore = group.count;
    }

    /** Counts an event of the stream; answers whether anybody was to get it. */
    boolean count(LogEvent event) {
        boolean counted = false;
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            if (event.address.isCoveredBy(group.interests)) {
                group.first = group.count == 0 ? event.offset : group.first;
                group.last = event.offset;
                group.count++;
                counted = true;
            }
        }
        return counted;
    }

    /** What a member is to be told now, or null; {@link #told} has to follow for all. */
    @Nullable
    LogEvent summaryFor(LocalSubscription subscription) {
        Unread unread = Objects.requireNonNull(subscription.unread);
        Group group = Objects.requireNonNull(unread.group);
        boolean shares = unread.isEmpty() && unread.countBefore == 0;
        if (!shares) {
            takeFromGroup(unread, group);
        }
        unread.countBefore = 0;
        return shares ? shared(group) : unread.take(guild);
    }

    private @Nullable LogEvent shared(Group group) {
        if (group.shared == null && group.count > 0) {
            group.shared = Unread.summary(guild, group.first, group.last, group.count);
        }
        return group.shared;
    }

    /** Every member was told. */
    void told() {
        for (Group group : groups) {
            group.count = 0;
            group.shared = null;
        }
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    @Override
    public String toString() {
        return "UnreadGroups" + groups;
    }
}
