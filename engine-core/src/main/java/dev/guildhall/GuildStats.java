package dev.guildhall;

/**
 * What a guild does at a moment.
 *
 * @param id of the guild
 * @param epoch its present epoch
 * @param subscriptions how many it has
 * @param published events ordered since it started
 * @param eventsPerSecond how many of these a second, since the rate was last asked for but at least over a tenth of a second; the first
 *     time since the guild's start
 * @param backlog entries of its log that its slowest lane has not walked: at the log's capacity publishers are told
 *     {@link Outcome#BACK_PRESSURED}
 */
public record GuildStats(
        String id, long epoch, int subscriptions, long published, double eventsPerSecond, long backlog) {

    /**
     * What the guild costs the lanes, if all its subscriptions match: the measure of a hot guild.
     *
     * @return events a second times subscriptions
     */
    public double deliveriesPerSecond() {
        return eventsPerSecond * subscriptions;
    }
}
