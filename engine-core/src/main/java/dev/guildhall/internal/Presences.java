package dev.guildhall.internal;

import dev.guildhall.PresenceOptions;
import dev.guildhall.PresenceUpdate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * When presence is told: which users have changed, which guilds are to be told, and the tick at which they are. Any thread marks,
 * lanes included, which costs an entry of a set or a queue. The rest is done by the tick, a task of the executor for blocking code,
 * which in turn submits {@value #GUILDS_OF_A_TASK} guilds at a time as tasks of their own. What a guild is told is up to
 * {@link GuildPresence}.
 *
 * <pre>
 *   a session of a user opens, speaks, ends ──▶ changed ──tick──▶ marks the user in its guilds ─┐
 *   a session of a user enters or leaves a guild ──────────────▶ marks the user in that guild ──┴─▶ due ──tick──▶ told
 * </pre>
 *
 * <p><b>Timer.</b> There is one while anything waits, and none otherwise: {@code expected} is set by CAS by whoever marks
 * something, and that one sets the alarm. The tick takes the users, clears {@code expected} and then takes the guilds. Somebody
 * who marked a guild before that is taken now; somebody after it sets the next alarm. A user may come between the two steps and
 * see an alarm that has gone off already; so the tick looks at {@code changed} once more after it has cleared {@code expected}.
 *
 * <p><b>One turn for each guild and tick,</b> and so no more events than {@code eventsPerTick}. A guild is in {@code due} at most
 * once and not while it is being told, and the tick takes all of {@code due} before it tells any; so none is told twice by a
 * tick, and two ticks never tell one guild at the same time.
 *
 * <p><b>Proofs</b> (jcstress, {@code PresencesProof}): whoever changes during a tick is taken by it or by the next, and so is a guild that
 * is due.
 */
final class Presences {
    private static final int GUILDS_OF_A_TASK = 64;

    private final LocalEngine engine;
    private final PresenceOptions options;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final Queue<GuildPresence> due = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean expected = new AtomicBoolean();

    Presences(LocalEngine engine, PresenceOptions options) {
        this.engine = engine;
        this.options = options;
    }

    /** The guild's part of this. */
    GuildPresence of(LocalGuild guild) {
        return new GuildPresence(guild, this);
    }

    // --- marks, any thread

    /** What the user's sessions say together may be something else. */
    void changed(String user) {
        if (changed.add(user)) {
            expectTick();
        }
    }

    /** Somebody waits in a guild that is not here and is not being told. */
    void due(GuildPresence guild) {
        due.add(guild);
        expectTick();
    }

    private void expectTick() {
        if (expected.compareAndSet(false, true)) {
            engine.alarms().schedule(options.tick(), () -> submit(this::tick));
        }
    }

    // --- the tick

    void tick() {
        markChanged();
        expected.set(false);
        if (!changed.isEmpty()) {
            expectTick();
        }
        List<GuildPresence> guilds = new ArrayList<>();
        for (GuildPresence guild = due.poll(); guild != null; guild = due.poll()) {
            guilds.add(guild);
        }
        for (int from = 0; from < guilds.size(); from += GUILDS_OF_A_TASK) {
            List<GuildPresence> part = guilds.subList(from, Math.min(guilds.size(), from + GUILDS_OF_A_TASK));
            submit(() -> part.forEach(GuildPresence::tell));
        }
    }

    /** A user is taken out before its sessions are looked at, so a later change finds it taken out and puts it in again. */
    private void markChanged() {
        for (Iterator<String> users = changed.iterator(); users.hasNext(); ) {
            String user = users.next();
            users.remove();
            for (LocalSession session : engine.users().sessions(user)) {
                for (LocalSubscription subscription : session.subscriptions()) {
                    GuildPresence inGuild = subscription.guild.presence();
                    if (inGuild != null) {
                        inGuild.changed(user);
                    }
                }
            }
        }
    }

    private void submit(Runnable task) {
        Executor executor = engine.config().blockingExecutor();
        try {
            executor.execute(task);
        } catch (Throwable e) { // an executor that rejects although it must not; presence goes on without it
            engine.subscriberFailedOnTask(e);
            task.run();
        }
    }

    // --- for GuildPresence

    PresenceOptions options() {
        return options;
    }

    /** What a guild is to be told of a user who is there; null if that is offline. */
    @Nullable
    PresenceUpdate shown(String user) {
        return engine.users().shown(user);
    }

    boolean isOver() {
        return engine.isDraining();
    }

    /** The application's encoder failed. */
    void encoderFailed(Throwable failure) {
        engine.subscriberFailedOnTask(failure);
    }

    @Override
    public String toString() {
        return "Presences[" + changed.size() + " users changed, " + due.size() + " guilds to be told"
                + (expected.get() ? ", a tick is expected]" : "]");
    }
}
