package dev.guildhall;

/**
 * What became of something handed to the engine. Back pressure and closure are results, never exceptions; misuse throws.
 */
public enum Outcome {
    /** It has its place in the guild's order; every subscription whose first offset is not later will see it. */
    ORDERED,
    /** It waits in a mailbox whose owner will handle it in order. */
    ENQUEUED,
    /**
     * There is no room: the guild's log is full behind its slowest lane, or its mailbox or the session's inbox is full. Nothing was kept.
     * Try again later, use the blocking call, or drop it. For a client's command it means that the session ends.
     */
    BACK_PRESSURED,
    /** The sender used up its tokens. Nothing was kept; slow down, or end the client that does not. */
    RATE_LIMITED,
    /**
     * It breaks a bound that waiting does not change: an event larger than a session may hold, a subscription more than it may
     * have, a guild more than may be active; a channel that the guild does not know; or the guild's handler has said no. Nothing was kept.
     */
    REFUSED,
    /** The guild's handler has failed and is not started again yet. Nothing was kept; try again when the guild is available. */
    UNAVAILABLE,
    /** The guild, the session or the engine is closed, or is closing. Nothing was kept; trying again is pointless. */
    CLOSED;

    /**
     * Whether the engine took it.
     *
     * @return true for {@link #ORDERED} and {@link #ENQUEUED}
     */
    public boolean isAccepted() {
        return this == ORDERED || this == ENQUEUED;
    }
}
