package dev.guildhall;

import dev.guildhall.internal.LocalSubscription;
import java.util.concurrent.CompletionStage;

/** A session's place in a guild. */
public sealed interface Subscription permits LocalSubscription {

    /**
     * Whether the subscription was taken.
     *
     * @return {@link Outcome#ORDERED}; {@link Outcome#ENQUEUED} while the guild's handler has not decided yet; or why not
     */
    Outcome outcome();

    /**
     * When it is known whether the subscription was taken: at once, or when the handler of its guild has decided.
     *
     * @return completes with this subscription, never exceptionally; in the guild's turn, so what blocks belongs into an {@code Async} stage
     */
    CompletionStage<Subscription> settled();

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
     * @return the offset; -1 if the subscription was not taken, or not yet
     */
    long firstOffset();

    /**
     * Leaves the guild. Events that the session's lane has not walked yet no longer arrive; some that it has walked still may.
     * Doing it again changes nothing.
     */
    void unsubscribe();
}
