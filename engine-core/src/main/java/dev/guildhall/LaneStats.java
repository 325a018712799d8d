package dev.guildhall;

/**
 * Counters of a lane. All but {@code waitingMarks} are as the lane published them at the end of its last turn.
 *
 * @param lane index of the lane
 * @param sessions sessions that it owns
 * @param readyGuilds guilds it had still to walk at the end of its turn
 * @param readySessions sessions that waited for a turn then
 * @param waitingMarks guilds, sessions and tasks that others have handed over and that it has not taken yet
 * @param turns turns it has run
 * @param delivered events that reached its sessions
 * @param written events handed to their connections and subscribers
 * @param retainedBytes bytes of rings and of the events in them, as in {@link EngineStats#retainedBytes()}
 * @param longestTurnNanos the longest time it has run without letting others run
 */
public record LaneStats(
        int lane,
        long sessions,
        int readyGuilds,
        int readySessions,
        int waitingMarks,
        long turns,
        long delivered,
        long written,
        long retainedBytes,
        long longestTurnNanos) {}
