package dev.guildhall.testkit.simulation;

import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Subscription;
import java.util.Map;
import java.util.TreeMap;

/** A subscription from its first offset on, and what held for it from which offset on. */
final class Stay {
    final Topic topic;
    final Subscription subscription;

    /** Null while the guild has not let it begin. */
    private final TreeMap<Long, Long> masks = new TreeMap<>();

    private final TreeMap<Long, Boolean> passive = new TreeMap<>();
    private final String user;
    private long asked;
    private Log log;
    private long first = Long.MAX_VALUE;

    boolean left;

    /** The session has subscribed again after a kick that its lane may not have passed, so it may end before the kick. */
    boolean isReplaced;

    Stay(Topic topic, Subscription subscription, String user, long asked) {
        this.topic = topic;
        this.subscription = subscription;
        this.user = user;
        this.asked = asked;
        this.log = topic.log();
        if (subscription.outcome() == Outcome.ORDERED) {
            begin();
        }
    }

    /** The guild's handler gives other interests than were asked for. */
    void admitted(long mask) {
        asked = mask;
    }

    /** The guild has let it begin. */
    void begin() {
        if (!hasBegun()) {
            topic.observe();
            log = topic.log();
            first = subscription.firstOffset();
            masks.put(first - 1, asked);
            passive.put(first - 1, false);
        }
    }

    boolean hasBegun() {
        return first != Long.MAX_VALUE;
    }

    long first() {
        return first;
    }

    Log log() {
        return log;
    }

    boolean isKicked() {
        return kickedAt() != Long.MAX_VALUE;
    }

    long kickedAt() {
        return hasBegun() ? log.kickFrom(user, first) : Long.MAX_VALUE;
    }

    void changed(long offset, long mask) {
        masks.put(offset, mask);
    }

    void changedMode(long offset, boolean isPassive) {
        passive.put(offset, isPassive);
    }

    boolean isPassiveAt(long offset) {
        return passive.lowerEntry(offset).getValue();
    }

    boolean wasEverPassive() {
        return passive.containsValue(true);
    }

    /** Whether an event of the guild is for this subscription, at the event's place. */
    boolean covers(Event event) {
        long offset = event.offset();
        if (offset < first || offset > kickedAt()) {
            return false;
        }
        Map.Entry<Long, Long> own = masks.lowerEntry(offset);
        Map.Entry<Long, Long> decided = log.interestsBefore(user, offset);
        long mask = decided != null && decided.getKey() > own.getKey() ? decided.getValue() : own.getValue();
        return (mask & event.need()) == event.need();
    }

    @Override
    public String toString() {
        return "Stay[" + topic.id + " from " + first + (left ? ", left" : "")
                + (isKicked() ? ", kicked at " + kickedAt() : "") + "]";
    }
}
