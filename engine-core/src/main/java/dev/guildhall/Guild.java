package dev.guildhall;

import dev.guildhall.internal.LocalGuild;

/**
 * An addressable group with one order of events. What is published in it goes to all its subscriptions, each of which sees
 * it in the same order.
 */
public sealed interface Guild permits LocalGuild {

    /** Longest guild id, in characters. */
    int MAX_ID_LENGTH = 200;

    /**
     * The id by which {@link Engine#guild(String)} finds it.
     *
     * @return the id
     */
    String id();

    /**
     * The guild's present epoch; it grows each time the guild starts.
     *
     * @return milliseconds since 1970 or more
     */
    long epoch();

    /**
     * The offset that the next event will get. Subscribing takes one too, so not every offset is an event's.
     *
     * @return 0 for a guild that was never used; a closed guild answers where its log ended
     */
    long nextOffset();

    /**
     * Number of subscriptions, counting those that are about to begin.
     *
     * @return an estimate while others subscribe and leave
     */
    int subscriptionCount();

    /**
     * The guild's channels and who may see them.
     *
     * @return the same channels for the same id, as long as the engine is open
     */
    Channels channels();

    /**
     * Changes what all present subscriptions of a user receive, from one place in the guild's order on: an event that is ordered
     * before it still goes by the old interests, one after it by the new, on every lane. A subscription that begins later has those
     * it was made with. Waits while the log is full, as {@link #publish} does; on a lane it does not wait.
     *
     * @param user whose
     * @param interests the new ones
     * @return {@link Outcome#ORDERED}; {@link Outcome#BACK_PRESSURED} on a lane while the log is full; {@link Outcome#REFUSED} beyond
     *     {@link EngineBuilder#maxGuilds}; {@link Outcome#CLOSED}
     */
    Outcome setInterests(String user, Interests interests);

    /**
     * Publishes without blocking; callable from anywhere, a subscriber's callback included.
     *
     * @param event what to publish; keep and publish it again as you like
     * @return {@link Outcome#ORDERED}; {@link Outcome#BACK_PRESSURED} while the log is full; {@link Outcome#REFUSED} if it is for a channel
     *     that is not {@linkplain #channels() known}; {@link Outcome#CLOSED}
     */
    Outcome tryPublish(Event event);

    /**
     * Publishes and waits for a place in the log as long as it is full. The wait is bounded: a lane that stands still for
     * longer than {@link EngineBuilder#laneStallLimit} no longer holds the log up. An interrupt does not end the wait and is
     * kept for the caller.
     *
     * @param event what to publish
     * @return the event's place, or {@link Outcome#REFUSED} or {@link Outcome#CLOSED}, as of {@link #tryPublish}
     * @throws IllegalStateException if called on a lane, which would wait for itself: use {@link #tryPublish} there
     */
    Receipt publish(Event event);
}
