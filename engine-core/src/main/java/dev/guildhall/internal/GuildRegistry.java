package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The engine's active guilds by id. At most one guild of an id is here at a time, and one that has ended is taken out before another
 * takes its place.
 *
 * <p><b>Ending idle guilds.</b> While there are guilds, a sweep passes over all of them four times in {@code idleTimeout}. It ends those
 * without subscriptions whose log has not moved for that long. {@link LocalGuild} says why nothing is lost that comes at that
 * moment. Whoever looks a guild up between its end and its removal removes it.
 */
final class GuildRegistry {
    private static final int SWEEPS = 4;

    private final LocalEngine engine;
    private final int maxGuilds;
    private final long idleNanos;
    private final ConcurrentMap<String, LocalGuild> guilds = new ConcurrentHashMap<>();
    private final AtomicInteger active = new AtomicInteger();
    private final LocalChannels.Registry channels;
    private final LongAdder publishedByEnded = new LongAdder();
    private final AtomicBoolean sweepIsDue = new AtomicBoolean();

    GuildRegistry(LocalEngine engine) {
        this.engine = engine;
        this.maxGuilds = engine.config().maxGuilds();
        this.channels = new LocalChannels.Registry(engine.config().audience().reservedClasses(), maxGuilds);
        this.idleNanos = engine.config().guildIdleTimeout().toNanos();
    }

    /** The active guild of the id; null if it would be one too many. */
    @Nullable
    LocalGuild findOrStart(String id) {
        while (true) {
            LocalGuild present = guilds.get(id);
            if (present == null) {
                present = start(id);
            }
            if (present == null || !present.hasEnded() || engine.isDraining()) {
                return present;
            }
            remove(present);
        }
    }

    private @Nullable LocalGuild start(String id) {
        LocalGuild.requireValidId(id);
        if (active.incrementAndGet() > maxGuilds) {
            active.decrementAndGet();
            return null;
        }
        LocalGuild started = create(id);
        LocalGuild other = guilds.putIfAbsent(id, started);
        if (other != null) {
            active.decrementAndGet();
            return other;
        }
        expectSweep();
        return started;
    }

    private LocalGuild create(String id) {
        EngineClock clock = engine.config().clock();
        GuildLog log = new GuildLog(
                engine.config().logCapacity(),
                clock,
                engine.config().laneStallLimit().toNanos());
        return new LocalGuild(engine, id, clock.epochMillis(), log);
    }

    /** A guild that is not active: each call looks for a place in the registry again. */
    LocalGuild nameOf(String id) {
        LocalGuild name = create(id);
        name.close();
        return name;
    }

    /** The channels of the guild of an id, whether it is active or not. */
    LocalChannels channelsOf(String id) {
        return channels.of(id);
    }

    private void remove(LocalGuild ended) {
        if (guilds.remove(ended.id(), ended)) {
            active.decrementAndGet();
            publishedByEnded.add(ended.published());
        }
    }

    private void expectSweep() {
        if (sweepIsDue.compareAndSet(false, true)) {
            engine.alarms()
                    .schedule(
                            Duration.ofNanos(idleNanos / SWEEPS),
                            () -> engine.config().blockingExecutor().execute(this::sweep));
        }
    }

    private void sweep() {
        long now = engine.config().clock().nanoTime();
        for (LocalGuild guild : guilds.values()) {
            if (guild.tryRetire(now, idleNanos)) {
                remove(guild);
            }
        }
        sweepIsDue.set(false);
        if (!guilds.isEmpty() && !engine.isDraining()) {
            expectSweep();
        }
    }

    Collection<LocalGuild> all() {
        return guilds.values();
    }

    /** Events ordered in all guilds there have been. */
    long published() {
        return publishedByEnded.sum()
                + guilds.values().stream().mapToLong(LocalGuild::published).sum();
    }

    int size() {
        return guilds.size();
    }

    @Override
    public String toString() {
        return "GuildRegistry[" + size() + "/" + maxGuilds + "]";
    }
}
