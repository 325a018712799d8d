package dev.guildhall.internal;

import dev.guildhall.Delivery;
import dev.guildhall.Event;
import java.nio.charset.StandardCharsets;

/**
 * Tells a session which events of a guild, or how many direct sends, it lost. It has the place of the last one, and several
 * that follow each other can become one.
 */
final class GapNotice extends LogEvent {
    /** First offset of the guild that is lost; of no meaning for direct sends. */
    final long from;

    /** How many events these are; of offsets that a stalled lane jumped over, all, whoever they were for. */
    final long lost;

    private GapNotice(Incarnation incarnation, long from, long to, long lost) {
        super(
                new EventBody(Event.GAP, payload(incarnation, from, to, lost), Delivery.RELIABLE),
                Address.EVERYBODY,
                incarnation);
        this.from = from;
        this.lost = lost;
        this.offset = to;
    }

    /** The offsets {@code from} to {@code to} of a guild. */
    static GapNotice of(Incarnation guild, long from, long to, long lost) {
        return new GapNotice(guild, from, to, lost);
    }

    /** One event, or what a notice that is lost itself was to tell. */
    static GapNotice of(LogEvent event) {
        return event instanceof GapNotice notice
                ? notice
                : new GapNotice(event.incarnation(), event.offset, event.offset, 1);
    }

    private static byte[] payload(Incarnation incarnation, long from, long to, long lost) {
        String what = incarnation == Incarnation.NONE
                ? "{\"guild_id\":null"
                : "{\"guild_id\":\"" + incarnation.jsonId() + "\",\"epoch\":" + incarnation.epoch() + ",\"from\":"
                        + from + ",\"to\":" + to;
        return (what + ",\"lost\":" + lost + "}").getBytes(StandardCharsets.UTF_8);
    }
}
