package dev.guildhall;

import dev.guildhall.internal.LocalSubscription;
import java.util.concurrent.CompletionStage;

/** A session's place in a guild. Every method may be called by any thread. */
public sealed interface Subscription permits LocalSubscription {

    /** How much of a guild's stream arrives. */
    enum Mode {
        /** All of which the session is part of the audience. */
        ACTIVE,
        /**
         * What mentions the session's user or is for that user alone, and from time to time an event of type {@link Event#UNREAD}
         * that counts what the stream had for the session since the last one:
         * {@code {"guild_id":"g","epoch":…,"from":…,"to":…,"unread":…}}. It comes {@link AudienceOptions#unreadPeriod()} after the
         * first event it counts. What arrived because of a mention is counted, what was for the user alone is not.
         */
        PASSIVE
    }

    /**
     * What became of {@link #setMode}.
     *
     * @param outcome {@link Outcome#ORDERED} if the mode changes
     * @param offset the first offset to which the new mode applies, -1 if it does not
     */
    record ModeChange(Outcome outcome, long offset) {}

    /**
     * Whether the subscription was taken.
     *
     * @return {@link Outcome#ORDERED}; {@link Outcome#ENQUEUED} while the guild's handler has not decided yet; or why not, which is
     *     {@link Outcome#CLOSED} if it was given up before
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
     * What the subscription receives.
     *
     * @return the interests at the place in the guild's order up to which the session was served; only what is for everybody while they
     *     are not certain, which {@code docs/audiences.md} explains
     */
    Interests interests();

    /**
     * Changes what this subscription receives, from a place in the guild's order on. Blocks as {@link Guild#setInterests} does.
     *
     * @param interests the new ones
     * @return {@link Outcome#ORDERED}; {@link Outcome#BACK_PRESSURED} on a lane while the log is full, and while another thread is still
     *     subscribing; {@link Outcome#CLOSED} if the subscription is over
     */
    Outcome setInterests(Interests interests);

    /**
     * Changes how much of the stream arrives, from a place in the guild's order on. The last summary comes before the first event of
     * the stream, which goes on at {@link ModeChange#offset()} with nothing left out and nothing twice. Blocks as
     * {@link Guild#setInterests} does.
     *
     * @param mode the new one; a subscription begins ACTIVE
     * @return the outcome, as of {@link #setInterests}, and the offset
     */
    ModeChange setMode(Mode mode);

    /**
     * Leaves the guild, at the next turn of the session: what its lane walks before that still arrives, even if it is published later.
     * Doing it again changes nothing.
     */
    void unsubscribe();
}
