package dev.guildhall.internal;

import dev.guildhall.Audience;
import dev.guildhall.Delivery;
import dev.guildhall.EngineClock;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Encoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;

/**
 * The one implementation of {@link Event}: a shared {@link EventBody} and the event's place in a guild. What only some classes
 * of delivery need is in subclasses, which are made when an event is published or sent.
 *
 * <p>{@code offset} is written once by the publisher, between its claim of a slot and the release store of this object into
 * that slot; everybody else reads it after the acquire load of the slot. All other fields are final.
 */
public sealed class LogEvent implements Event permits ExpiringEvent, KeyedEvent, GapNotice {
    private final EventBody body;
    private final Incarnation incarnation;

    /** Whom it is for; the walk looks at it only if {@link #isOfUsers} or {@code need} is negative. */
    final Address address;

    /** The bits of {@code address}, which say it all unless they have {@link InterestSet#OVERFLOW}. */
    final long need;

    /**
     * The nominal bytes; negative for an event that a {@link SessionRing} has to look at more closely, so that the walk of
     * reliable events reads one word.
     */
    final int cost;

    long offset = -1;

    LogEvent(EventBody body, Address address, Incarnation incarnation) {
        this.body = body;
        this.address = address;
        this.need = address.need;
        this.incarnation = incarnation;
        this.cost = body.isSpecial() ? -body.nominalBytes() : body.nominalBytes();
    }

    /** An event without a place. */
    public static LogEvent create(String type, byte[] payload) {
        if (type.isEmpty() || type.length() > MAX_TYPE_LENGTH) {
            throw new IllegalArgumentException(
                    "an event's type must have 1 to " + MAX_TYPE_LENGTH + " characters, had " + type.length());
        }
        if (payload.length > MAX_PAYLOAD_LENGTH) {
            throw new IllegalArgumentException(
                    "an event's payload must have at most " + MAX_PAYLOAD_LENGTH + " bytes, had " + payload.length);
        }
        return new LogEvent(new EventBody(type, payload, Delivery.RELIABLE), Address.EVERYBODY, Incarnation.NONE);
    }

    /** An event of a ring's own, not kept once written: the word that a client was resumed. */
    static LogEvent mark(String type, byte[] payload) {
        return new LogEvent(EventBody.mark(type, payload), Address.EVERYBODY, Incarnation.NONE);
    }

    boolean isMark() {
        return body.isMark();
    }

    /** A copy that shares the body, to be given an offset of the guild's log. */
    LogEvent stampedFor(Incarnation guild, Address resolved, EngineClock clock) {
        return cost > 0 ? new LogEvent(body, resolved, guild) : specialFor(guild, resolved, clock);
    }

    /** This event as a session is sent it directly. */
    LogEvent stampedForSession(EngineClock clock) {
        if (cost < 0) {
            return specialFor(Incarnation.NONE, address, clock);
        }
        return offset < 0 ? this : new LogEvent(body, address, Incarnation.NONE);
    }

    private LogEvent specialFor(Incarnation guild, Address resolved, EngineClock clock) {
        return switch (body.delivery) {
            case Delivery.Latest latest -> new KeyedEvent(body, resolved, guild, latest.key());
            case Delivery.Ephemeral ephemeral ->
                new ExpiringEvent(
                        body,
                        resolved,
                        guild,
                        clock.nanoTime() + ephemeral.ttl().toNanos());
            case Delivery.Reliable reliable -> // a mark that was received and goes out again as anybody's event
                new LogEvent(new EventBody(body.type, body.payload, reliable), resolved, guild);
        };
    }

    @Override
    public Event needing(long bits) {
        return new LogEvent(body, Address.needing(bits).mentioning(address.mentions), Incarnation.NONE);
    }

    @Override
    public Event to(Audience audience) {
        return new LogEvent(body, address.to(audience), Incarnation.NONE);
    }

    @Override
    public Event mentioning(Collection<String> users) {
        return new LogEvent(body, address.mentioning(Set.copyOf(users)), Incarnation.NONE);
    }

    @Override
    public Audience audience() {
        return address.audience();
    }

    @Override
    public Set<String> mentions() {
        return address.mentions;
    }

    /** Whether a walk has to find users, and not only to compare masks. */
    boolean isOfUsers() {
        return address.isOfUsers();
    }

    @Override
    public Event withDelivery(Delivery delivery) {
        Objects.requireNonNull(delivery, "delivery");
        return new LogEvent(new EventBody(body.type, body.payload, delivery), address, Incarnation.NONE);
    }

    @Override
    public Delivery delivery() {
        return body.delivery;
    }

    /** Nominal bytes, as {@link SessionOptions} counts them. */
    int weight() {
        return Math.abs(cost);
    }

    Incarnation incarnation() {
        return incarnation;
    }

    @Override
    public String type() {
        return body.type;
    }

    @Override
    public long need() {
        return need & ~InterestSet.OVERFLOW;
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
