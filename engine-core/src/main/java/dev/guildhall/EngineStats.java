package dev.guildhall;

/**
 * Counters of an engine at a moment. Lanes publish theirs at the end of a turn, so figures of a running engine may be a turn
 * old and not quite of the same moment; those of a closed engine are final and balance: {@code delivered = written + dropped + conflated}.
 *
 * @param lanes number of lanes
 * @param guilds guilds in the registry
 * @param sessionsOpened sessions opened since the start
 * @param sessionsClosed sessions that have ended
 * @param published events ordered in guilds
 * @param delivered events that reached a session: published ones once per matching subscription, and direct sends
 * @param written events handed to a connection or a subscriber
 * @param dropped events that a session never got: held when it ended, dropped by its policy, or ephemeral and too late
 * @param conflated events that a newer one of the same {@link Delivery.Latest} key replaced before they were written
 * @param gaps events that sessions were told they lost
 * @param replayed events written again after a resume
 * @param detached sessions that wait to be resumed
 * @param resumed resumes that succeeded
 * @param resumesRefused resumes that were refused
 * @param retainedBytes bytes of rings, of their indexes of keys and of the events in them, each event counted once per lane: nominal bytes,
 *     without the forms that transports encode and without inboxes; an event that the lane's index has forgotten counts again
 * @param trimmedForBudget events kept for a resume that were forgotten because of {@link EngineBuilder#maxRetainedBytes}
 * @param overBudget how often a session lost unwritten events, or ended, because of it
 * @param subscriberFailures exceptions thrown by subscribers
 * @param longestTurnNanos the longest time a lane has run without letting others run; much more than a millisecond means that
 *     an inline subscriber blocks or computes
 * @param guildFailures how often handlers of guilds have failed
 * @param guildsDown guilds that failed too often and wait for {@link Engine#revive}
 */
public record EngineStats(
        int lanes,
        int guilds,
        long sessionsOpened,
        long sessionsClosed,
        long published,
        long delivered,
        long written,
        long dropped,
        long conflated,
        long gaps,
        long replayed,
        long detached,
        long resumed,
        long resumesRefused,
        long retainedBytes,
        long trimmedForBudget,
        long overBudget,
        long subscriberFailures,
        long longestTurnNanos,
        long guildFailures,
        int guildsDown) {

    /**
     * Sessions that are open or closing.
     *
     * @return opened minus closed
     */
    public long sessions() {
        return sessionsOpened - sessionsClosed;
    }
}
