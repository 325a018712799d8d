package dev.guildhall;

/**
 * What became of one event for one session, the answer of {@link Guild#explain}. It is worked out when it is asked for, from the
 * guild's log, the subscription's mask and the session's ring; nothing is kept for it per delivery. So an answer about an event
 * of long ago can be {@link #UNKNOWN}, but is never a guess.
 */
public enum Explanation {
    /**
     * It was written: to a connection, handed to a subscriber, or both. That a client has read it is known only when it
     * acknowledges it.
     */
    DELIVERED,

    /** It is in the session's ring, and the present connection was not written it: there is none, or it takes nothing now. */
    WAITING,

    /** The session's lane has not come to it yet. */
    NOT_REACHED,

    /** The mask of the subscription does not cover what the event {@linkplain Event#needing needs}. */
    FILTERED,

    /** A newer event of the same {@link Delivery.Latest} key took its place before it was written. */
    CONFLATED,

    /** It is lost: a {@link Event#GAP} tells the session of it, or its {@link Delivery.Ephemeral} time was over. */
    DROPPED,

    /** The session has no subscription of the guild, or one that begins after it. What a former subscription got is not looked for. */
    NOT_SUBSCRIBED,

    /** No event has this offset: it was not given yet, or it is where the guild noted a change of a subscription. */
    NOT_PUBLISHED,

    /** What would tell is no longer kept, or the session has ended. */
    UNKNOWN,

    /** Too many questions wait for an answer. Ask again later. */
    OVERLOADED
}
