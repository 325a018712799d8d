package dev.guildhall;

import dev.guildhall.internal.LocalSubscription;

/** A session's place in a guild. */
public sealed interface Subscription permits LocalSubscription {

    /**
     * Whether the subscription was taken.
     *
     * @return {@link Outcome#ORDERED}, or why not
     */
    Outcome outcome();

    /**
     * The subscribed session.
     *
     * @return the session
     */
    Session session();

    /**
     * The guild subscribed to.
     *
     * @return the guild
     */
    Guild guild();

    /**
     * Offset of the first event this subscription can see: it receives everything from there on.
     *
     * @return the offset, -1 if the subscription was not taken
     */
    long firstOffset();

    /**
     * Leaves the guild. Events that the session's lane has not walked yet no longer arrive; some that it has walked still may.
     * Doing it again changes nothing.
     */
    void unsubscribe();
}
