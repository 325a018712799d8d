package dev.guildhall;

import dev.guildhall.internal.LogEvent;
import dev.guildhall.spi.Encoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;

/**
 * A type and a payload, encoded once and shared by everyone who receives it.
 *
 * <p>An event is immutable and may be published to any number of guilds. Publishing hands receivers the same payload
 * stamped with its place: {@link #guildId()}, {@link #epoch()} and {@link #offset()}. An event that was sent to a session
 * directly, or not at all yet, has no guild, epoch 0 and offset -1.
 *
 * <p>The engine never copies the payload per recipient, so nobody may change the array it was made from.
 */
public sealed interface Event permits LogEvent {

    /** Type of the notice that a session gets in the stream when it lost the events of a guild from one offset to another. */
    String GAP = "GAP";

    /** Type of the event that follows everything a resumed session was sent again. */
    String RESUMED = "RESUMED";

    /**
     * Type of the last event of a guild's epoch when its handler has failed: {@code {"guild_id":…,"epoch":…}}. What is published until
     * {@link #GUILD_AVAILABLE} is answered {@link Outcome#UNAVAILABLE}.
     */
    String GUILD_UNAVAILABLE = "GUILD_UNAVAILABLE";

    /** Type of the first event of a guild's epoch when its handler was started again: {@code {"guild_id":…,"epoch":…}}. */
    String GUILD_AVAILABLE = "GUILD_AVAILABLE";

    /**
     * Type of the event by which a guild is told whose {@linkplain Presence presence} has changed; see
     * {@link EngineBuilder#presence} and {@link PresenceEncoder}.
     */
    String PRESENCE_UPDATE = "PRESENCE_UPDATE";

    /** Type of the summary that a {@linkplain Subscription.Mode#PASSIVE passive} subscription gets of what it did not get. */
    String UNREAD = "UNREAD";

    /** Longest type, in characters. */
    int MAX_TYPE_LENGTH = 128;

    /** Longest payload, in bytes: 256 MiB. */
    int MAX_PAYLOAD_LENGTH = 1 << 28;

    /**
     * An event for every subscriber.
     *
     * @param type 1 to {@value #MAX_TYPE_LENGTH} characters
     * @param payload any bytes; ownership passes to the engine, the array must not be changed afterwards
     * @return the event
     * @throws IllegalArgumentException if the type is empty or too long, or the payload too long
     */
    static Event of(String type, byte[] payload) {
        return LogEvent.create(type, Objects.requireNonNull(payload, "payload"));
    }

    /**
     * An event for every subscriber whose payload is the text in UTF-8.
     *
     * @param type 1 to {@value #MAX_TYPE_LENGTH} characters
     * @param text the payload
     * @return the event
     * @throws IllegalArgumentException if the type is empty or too long, or the payload too long
     */
    static Event of(String type, String text) {
        return LogEvent.create(type, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The same event for those subscriptions only whose interests hold all the classes of a mask: short for {@link #to} with
     * {@link Audience#classes}.
     *
     * @param need bits 0 to 62, one for each class a subscription must have; 0 means everybody
     * @return an event that shares this one's payload and encodings
     * @throws IllegalArgumentException if bit 63 is set, which is no class
     */
    Event needing(long need);

    /**
     * The same event for others.
     *
     * @param audience who of a guild gets it; everybody unless chosen otherwise
     * @return an event that shares this one's payload and encodings
     */
    Event to(Audience audience);

    /**
     * The same event, which {@linkplain Subscription.Mode#PASSIVE passive} subscriptions of these users get as well, provided
     * that they belong to the audience. For others it changes nothing.
     *
     * @param users at most {@link Audience#MAX_USERS}; replaces those mentioned before
     * @return an event that shares this one's payload and encodings
     * @throws IllegalArgumentException if there are too many
     */
    Event mentioning(Collection<String> users);

    /**
     * Who of a guild gets this.
     *
     * @return the audience
     */
    Audience audience();

    /**
     * Users whose passive subscriptions get this as well.
     *
     * @return those who are mentioned
     */
    Set<String> mentions();

    /**
     * The same event with another class of delivery.
     *
     * @param delivery what a session that does not keep up may lose of it; {@link Delivery#RELIABLE} unless chosen otherwise
     * @return an event that shares this one's payload, but not its encodings
     */
    Event withDelivery(Delivery delivery);

    /**
     * What a session that does not keep up may lose of this.
     *
     * @return the class of delivery
     */
    Delivery delivery();

    /**
     * Name of what happened.
     *
     * @return the type
     */
    String type();

    /**
     * Interest bits that a subscription must have to receive this. They are not all that {@link #audience} asks for if that has
     * classes from 63 on, users, or a channel.
     *
     * @return the bits 0 to 62
     */
    long need();

    /**
     * Length of the payload.
     *
     * @return the number of bytes
     */
    int payloadLength();

    /**
     * The payload without a copy.
     *
     * @return a new read-only view
     */
    ByteBuffer payload();

    /**
     * The payload read as UTF-8.
     *
     * @return a new string
     */
    String text();

    /**
     * The guild this was published to.
     *
     * @return its id, or the empty string
     */
    String guildId();

    /**
     * Epoch of the guild when this was ordered.
     *
     * @return the epoch, 0 if not published
     */
    long epoch();

    /**
     * Place in the guild's log.
     *
     * @return the offset, -1 if not published
     */
    long offset();

    /**
     * This event in a transport's form, made by the first caller and kept with the payload for all others. Two lanes that ask
     * for the first time at the same moment may both encode; one result is kept.
     *
     * @param encoding the form wanted
     * @param <T> what it is encoded to; must be safe to share between threads
     * @return the encoded form, the same instance for every recipient
     */
    <T> T encoded(Encoding<T> encoding);
}
