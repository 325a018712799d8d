package dev.guildhall.internal;

import dev.guildhall.GuildStats;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Looks for the guilds that cost the lanes most. On the thread that asks, guild by guild; no lane is disturbed. */
final class HotGuilds {
    /** Most guilds that can be asked for. */
    private static final int MOST = 1_000;

    private static final Comparator<GuildStats> HOTTEST_LAST = Comparator.comparingDouble(
                    GuildStats::deliveriesPerSecond)
            .thenComparingLong(GuildStats::backlog)
            .thenComparing(GuildStats::id);

    private HotGuilds() {}

    static List<GuildStats> top(LocalEngine engine, int most) {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("1 to " + MOST + " guilds can be asked for, not " + most);
        }
        long now = engine.config().clock().nanoTime();
        PriorityQueue<GuildStats> hottest = new PriorityQueue<>(HOTTEST_LAST);
        for (LocalGuild guild : engine.guilds().all()) {
            hottest.add(guild.stats(now));
            if (hottest.size() > most) {
                hottest.remove();
            }
        }
        return hottest.stream().sorted(HOTTEST_LAST.reversed()).toList();
    }
}
