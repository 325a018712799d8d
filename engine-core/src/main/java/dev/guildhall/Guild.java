package dev.guildhall;

import dev.guildhall.internal.LocalGuild;
import java.util.concurrent.CompletionStage;

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
     * Publishes without blocking; callable from anywhere, a subscriber's callback included.
     *
     * @param event what to publish; keep and publish it again as you like
     * @return {@link Outcome#ORDERED}; {@link Outcome#BACK_PRESSURED} while the log is full; {@link Outcome#CLOSED}
     */
    Outcome tryPublish(Event event);

    /**
     * Publishes and waits for a place in the log as long as it is full. The wait is bounded: a lane that stands still for
     * longer than {@link EngineBuilder#laneStallLimit} no longer holds the log up. An interrupt does not end the wait and is
     * kept for the caller.
     *
     * @param event what to publish
     * @return the event's place, or {@link Outcome#CLOSED}
     * @throws IllegalStateException if called on a lane, which would wait for itself: use {@link #tryPublish} there
     */
    Receipt publish(Event event);

    /**
     * Finds out what became of an event for a session: why it did not get it, or that it did. For people who look for a mistake, not
     * for code that delivers: each question is a task of the session's lane, which looks through the session's ring. Never blocks;
     * any thread.
     *
     * @param session a session of this engine
     * @param offset of the event in the guild's present epoch, such as a {@link Receipt} has; 0 or more
     * @return completes on the engine's blocking executor, and in any case: with {@link Explanation#UNKNOWN} if the session or the engine
     *     has ended, with {@link Explanation#OVERLOADED} if thousands of questions wait
     * @throws IllegalArgumentException if the session belongs to another engine, or the offset is negative
     */
    CompletionStage<Explanation> explain(Session session, long offset);
}
