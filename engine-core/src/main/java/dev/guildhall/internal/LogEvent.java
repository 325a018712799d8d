package dev.guildhall.internal;

import dev.guildhall.Event;
import dev.guildhall.spi.Encoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The one implementation of {@link Event}: a shared {@link EventBody} and the event's place in a guild.
 *
 * <p>{@code offset} is written once by the publisher, between its claim of a slot and the release store of this object into
 * that slot; everybody else reads it after the acquire load of the slot. All other fields are final.
 */
public final class LogEvent implements Event {
    private final EventBody body;
    private final Incarnation incarnation;
    final long need;
    long offset = -1;

    private LogEvent(EventBody body, long need, Incarnation incarnation) {
        this.body = body;
        this.need = need;
        this.incarnation = incarnation;
    }

    /** An event without a place. */
    public static LogEvent create(String type, byte[] payload) {
        if (type.isEmpty() || type.length() > MAX_TYPE_LENGTH) {
            throw new IllegalArgumentException(
                    "an event's type must have 1 to " + MAX_TYPE_LENGTH + " characters, had " + type.length());
        }
        return new LogEvent(new EventBody(type, payload), 0L, Incarnation.NONE);
    }

    /** A copy that shares the body, to be given an offset of the guild's log. */
    LogEvent stampedFor(Incarnation guild) {
        return new LogEvent(body, need, guild);
    }

    /** This event as it was before it was published. */
    LogEvent withoutPlace() {
        return offset < 0 ? this : new LogEvent(body, need, Incarnation.NONE);
    }

    @Override
    public Event needing(long bits) {
        return new LogEvent(body, bits, Incarnation.NONE);
    }

    @Override
    public String type() {
        return body.type;
    }

    @Override
    public long need() {
        return need;
    }

    @Override
    public int payloadLength() {
        return body.payload.length;
    }

    @Override
    public ByteBuffer payload() {
        return ByteBuffer.wrap(body.payload).asReadOnlyBuffer();
    }

    @Override
    public String text() {
        return new String(body.payload, StandardCharsets.UTF_8);
    }

    @Override
    public String guildId() {
        return incarnation.guildId();
    }

    @Override
    public long epoch() {
        return incarnation.epoch();
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public <T> T encoded(Encoding<T> encoding) {
        return body.encoded(encoding, this);
    }

    @Override
    public String toString() {
        String place = offset < 0 ? "" : ", " + incarnation + ":" + offset;
        return "Event[" + body.type + ", " + body.payload.length + " bytes" + place + "]";
    }
}
