package dev.guildhall.testkit.simulation;

import dev.guildhall.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The order of a guild from its start until it ends for being idle: what {@link Topic} has read of it, and what was decided at which place. */
final class Log {
    final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final Map<String, TreeMap<Long, Long>> interests = new HashMap<>();
    private final Map<String, TreeSet<Long>> kicks = new HashMap<>();

    /** The first offset that was not looked at. */
    long next;

    /**
     * An event at its place.
     *
     * @param deadlineNanos until when it may be written if it is ephemeral
     */
    record Entry(Event event, long deadlineNanos) {}

    /** Checks what follows what; called in order. */
    void add(Event event, long deadlineNanos) {
        Map.Entry<Long, Entry> before = entries.lastEntry();
        if (before != null) {
            checkEpoch(before.getValue().event(), event);
        }
        entries.put(event.offset(), new Entry(event, deadlineNanos));
    }

    private static void checkEpoch(Event before, Event event) {
        Violation.unless(event.offset() > before.offset(), "%s follows %s", event, before);
        Violation.unless(event.epoch() >= before.epoch(), "%s follows %s: the epoch shrinks", event, before);
        boolean isNew = event.epoch() > before.epoch();
        Violation.unless(
                isNew == before.type().equals(Event.GUILD_UNAVAILABLE),
                "%s is the last of its epoch, before %s",
                before,
                event);
        Violation.unless(
                isNew == event.type().equals(Event.GUILD_AVAILABLE),
                "%s is the first of its epoch, after %s",
                event,
                before);
    }

    void decided(String user, long offset, long mask) {
        interests.computeIfAbsent(user, name -> new TreeMap<>()).put(offset, mask);
    }

    void kicked(String user, long offset) {
        kicks.computeIfAbsent(user, name -> new TreeSet<>()).add(offset);
    }

    /** What was decided last for a user before an offset, or null. */
    Map.@Nullable Entry<Long, Long> interestsBefore(String user, long offset) {
        TreeMap<Long, Long> changes = interests.get(user);
        return changes == null ? null : changes.lowerEntry(offset);
    }

    /** When a user was kicked first from an offset on; {@link Long#MAX_VALUE} if it was not. */
    long kickFrom(String user, long offset) {
        TreeSet<Long> all = kicks.get(user);
        Long first = all == null ? null : all.ceiling(offset);
        return first == null ? Long.MAX_VALUE : first;
    }
}
