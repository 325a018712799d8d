package dev.guildhall;

/**
 * Counters of an engine at a moment. Lanes publish theirs at the end of a turn, so figures of a running engine may be a turn
 * old and not quite of the same moment; those of a closed engine are final and balance: {@code delivered = written + dropped}.
 *
 * @param lanes number of lanes
 * @param guilds guilds in the registry
 * @param sessionsOpened sessions opened since the start
 * @param sessionsClosed sessions that have ended
 * @param published events ordered in guilds
 * @param delivered events that reached a session: published ones once per matching subscription, and direct sends
 * @param written events handed to a connection or a subscriber
 * @param dropped events that a session held when it ended, and so never got
 * @param gaps events that sessions were told they lost because their lane stood still for too long
 * @param subscriberFailures exceptions thrown by subscribers
 * @param longestTurnNanos the longest time a lane has run without letting others run; much more than a millisecond means that
 *     an inline subscriber blocks or computes
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
        long gaps,
        long subscriberFailures,
        long longestTurnNanos) {

    /**
     * Sessions that are open or closing.
     *
     * @return opened minus closed
     */
    public long sessions() {
        return sessionsOpened - sessionsClosed;
    }
}
