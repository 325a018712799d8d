package dev.guildhall.internal;

import dev.guildhall.EngineClock;
import dev.guildhall.GuildHandlerFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The engine's active guilds by id. At most one guild of an id is here at a time; one that has ended is replaced by its successor or
 * taken out, in one step.
 *
 * <p><b>Ending idle guilds.</b> While there are guilds, a sweep passes over all of them four times in {@code idleTimeout}. It ends those
 * without subscriptions whose log has not moved for that long. {@link LocalGuild} says why nothing is lost that comes at that
 * moment, {@link GuildTurns} the same for guilds with a handler, which end themselves when the sweep asks them to. Whoever looks a guild
 * up between its end and its removal puts its successor in its place.
 *
 * <p><b>Proofs</b>: jcstress, {@code GuildRegistryProof}, and Lincheck, {@code GuildLookupLincheckTest}: what is published is in the guild that
 * is found afterwards. Not linearizable: {@code size}, {@code published}.
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

    /** The guild of the id if there is one. */
    @Nullable
    LocalGuild find(String id) {
        return guilds.get(id);
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
            LocalGuild successor = create(id, present.turns);
            if (guilds.replace(id, present, successor)) {
                publishedByEnded.add(present.published());
                return successor;
            }
        }
    }

    private @Nullable LocalGuild start(String id) {
        Incarnation.requireValidId(id);
        if (active.incrementAndGet() > maxGuilds) {
            active.decrementAndGet();
            return null;
        }
        LocalGuild started = startOrGiveUp(id);
        LocalGuild other = guilds.putIfAbsent(id, started);
        if (other != null) {
            active.decrementAndGet();
            return other;
        }
        expectSweep();
        return started;
    }

    private LocalGuild startOrGiveUp(String id) {
        try {
            return create(id, null);
        } catch (Throwable e) { // the application's factory
            active.decrementAndGet();
            throw e;
        }
    }

    private LocalGuild create(String id, @Nullable GuildTurns predecessor) {
        GuildHandlerFactory factory = engine.config().guildHandlers();
        return new LocalGuild(engine, id, log(), factory == null ? null : factory.create(id), predecessor);
    }

    private GuildLog log() {
        EngineClock clock = engine.config().clock();
        return new GuildLog(
                engine.config().logCapacity(),
                clock,
                engine.config().laneStallLimit().toNanos(),
                engine.config().blockingExecutor());
    }

    /** A guild that is not active: each call looks for a place in the registry again. */
    LocalGuild nameOf(String id) {
        LocalGuild name = new LocalGuild(engine, id, log(), null, null);
        name.close();
        return name;
    }

    /** The channels of the guild of an id, whether it is active or not. */
    LocalChannels channelsOf(String id) {
        return channels.of(id);
    }

    /** An ended guild without a successor is forgotten. */
    void remove(LocalGuild ended) {
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

    /** Ends who is idle; one at a time. */
    void sweep() {
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
