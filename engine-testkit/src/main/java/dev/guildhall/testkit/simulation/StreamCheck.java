package dev.guildhall.testkit.simulation;

import dev.guildhall.Delivery;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a {@link Client} has received, compared with what was ordered in its guilds. */
final class StreamCheck {
    private static final Pattern NUMBERS = Pattern.compile("\"from\":(\\d+),\"to\":(\\d+),\"lost\":(\\d+)");
    private static final Pattern DIRECT = Pattern.compile("\\{\"guild_id\":null,\"lost\":(\\d+)}");

    private final Client client;
    private final World world;
    private final Map<Log, Received> logs = new HashMap<>();

    /** What has come of one log. */
    private static final class Received {
        final Set<Long> has = new HashSet<>();
        final Set<Long> told = new HashSet<>();
        long last = -1;
    }

    StreamCheck(Client client) {
        this.client = client;
        this.world = client.world;
    }

    /** Checks everything, and if the client is complete that it lacks nothing but what it was told of. */
    void check(boolean complete) {
        checkDirect(complete);
        client.received.stream().filter(event -> !event.guildId().isEmpty()).forEach(this::take);
        for (int i = 0; i < client.stays.size(); i++) {
            if (client.stays.get(i).hasBegun()) {
                checkStay(i, complete);
            }
        }
    }

    /**
     * Direct sends are numbered; each number that is missing is in a gap at its place. What a gap counts may be a handler's welcome, which
     * has no number.
     */
    private void checkDirect(boolean complete) {
        long next = 0;
        long told = 0;
        for (Event event : client.received) {
            if (event.type().equals("D")) {
                long number = Long.parseLong(event.text());
                Violation.unless(
                        number >= next && number <= next + told,
                        "%s: direct send %d after %d and %d lost",
                        client,
                        number,
                        next,
                        told);
                next = number + 1;
                told = 0;
            } else if (event.type().equals(Event.GAP) && event.guildId().isEmpty()) {
                Matcher gap = DIRECT.matcher(event.text());
                Violation.unless(gap.matches() && client.dropsOldest(), "%s: %s", client, event.text());
                told += Long.parseLong(gap.group(1));
                world.trace.count("direct gap");
            }
        }
        Violation.unless(
                !complete || next + told >= client.sends, "%s has %d of %d sends", client, next + told, client.sends);
    }

    private void take(Event event) {
        Log log = world.topic(event.guildId()).logOf(event.epoch());
        Received stream = logs.computeIfAbsent(log, key -> new Received());
        if (event.type().equals(Event.UNREAD)) { // may come after events for the user alone
            world.trace.count("unread summary");
            return;
        }
        Violation.unless(event.offset() >= stream.last, "%s: %s after offset %d", client, event, stream.last);
        stream.last = event.offset();
        if (event.type().equals(Event.GAP)) {
            takeGap(event, log, stream);
            return;
        }
        Log.Entry entry = log.entries.get(event.offset());
        if (entry == null) {
            throw new Violation(client + ": " + event + " was never ordered");
        }
        Event original = entry.event();
        Violation.unless(
                original.type().equals(event.type())
                        && original.epoch() == event.epoch()
                        && original.payload().equals(event.payload()),
                "%s: %s instead of %s",
                client,
                event,
                original);
        Violation.unless(stream.has.add(event.offset()), "%s: %s twice", client, event);
        Violation.unless(
                stayOf(log, event.offset()).covers(event), "%s has no right to %s: %s", client, event, client.stays);
    }

    private Stay stayOf(Log log, long offset) {
        for (Stay stay : client.stays.reversed()) {
            if (stay.log() == log && stay.first() <= offset) {
                return stay;
            }
        }
        throw new Violation(client + ": offset " + offset + " before " + client.stays);
    }

    private void takeGap(Event event, Log log, Received stream) {
        Matcher numbers = NUMBERS.matcher(event.text());
        Violation.unless(numbers.find(), "%s: %s", client, event.text());
        long from = Long.parseLong(numbers.group(1));
        long to = Long.parseLong(numbers.group(2));
        long lost = Long.parseLong(numbers.group(3));
        Violation.unless(
                from <= to && to == event.offset() && to < log.next && lost >= 1 && lost <= to - from + 1,
                "%s: %s with the log's end at %d",
                client,
                event.text(),
                log.next);
        Violation.unless(
                world.conditions.isSmallLog() || client.dropsOldest() || isTooLarge(log, from, to),
                "%s: %s without a cause",
                client,
                event.text());
        for (long offset = from; offset <= to; offset++) {
            Violation.unless(
                    !stream.has.contains(offset) || world.conditions.isSmallLog(),
                    "%s: %s tells of what has come",
                    client,
                    event.text());
            stream.told.add(offset);
        }
        world.trace.count(client.dropsOldest() ? "gap" : from == to ? "gap of a large event" : "gap of a lapped lane");
    }

    private boolean isTooLarge(Log log, long from, long to) {
        Log.Entry entry = log.entries.get(from);
        return from == to && entry != null && weight(entry.event()) > client.options.maxBacklogBytes();
    }

    private static int weight(Event event) {
        return event.payloadLength() + event.type().length() + SessionOptions.EVENT_OVERHEAD_BYTES;
    }

    private void checkStay(int index, boolean complete) {
        Stay stay = client.stays.get(index);
        Log log = stay.log();
        Received stream = logs.computeIfAbsent(log, key -> new Received());
        Stay next = nextIn(log, index);
        long end = next == null ? log.next : next.first();
        boolean toTheEnd = complete && !stay.left && !stay.isReplaced;
        if (!toTheEnd) {
            long until = end;
            end = 1
                    + stream.has.stream()
                            .filter(offset -> offset < until)
                            .mapToLong(Long::longValue)
                            .max()
                            .orElse(-1);
        }
        Map<String, Long> newest = new HashMap<>();
        for (Log.Entry entry :
                log.entries.subMap(stay.first(), Math.max(stay.first(), end)).values()) {
            Event event = entry.event();
            if (stay.isPassiveAt(event.offset()) || !stay.covers(event)) {
                continue;
            }
            if (event.delivery() instanceof Delivery.Latest latest) {
                newest.put(latest.key(), event.offset());
            } else if (event.delivery() instanceof Delivery.Reliable) {
                checkHas(stay, stream, event.offset());
            }
        }
        if (toTheEnd) {
            newest.values().forEach(offset -> checkHas(stay, stream, offset));
            world.trace.count("complete stay");
        }
    }

    private @Nullable Stay nextIn(Log log, int index) {
        List<Stay> later = client.stays.subList(index + 1, client.stays.size());
        return later.stream()
                .filter(stay -> stay.log() == log && stay.hasBegun())
                .findFirst()
                .orElse(null);
    }

    private void checkHas(Stay stay, Received stream, long offset) {
        Violation.unless(
                stream.has.contains(offset) || stream.told.contains(offset),
                "%s lacks %s of %s, %s",
                client,
                Objects.requireNonNull(stay.log().entries.get(offset)).event(),
                stay.topic,
                stay);
    }
}
