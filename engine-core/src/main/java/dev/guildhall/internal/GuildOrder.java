package dev.guildhall.internal;

import dev.guildhall.CountedReceipt;
import dev.guildhall.Outcome;
import dev.guildhall.Receipt;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What gets a place in a guild's order, and the lanes that are told of it: by any thread in a plain guild, in its turns in one with a
 * handler. Who may, and what becomes of the rest, is in {@link LocalGuild}.
 *
 * <p>{@code guildLanes} is copy-on-write by CAS and only grows: a lane that once had a subscription here keeps its entry,
 * which costs a publisher one read per event. {@code incarnation} is replaced when a handler is started again.
 *
 * <p><b>Proofs.</b> Those of {@link GuildLog} and {@link GuildLane}; {@code GuildEndRaceTest} runs it on real threads.
 */
abstract sealed class GuildOrder permits LocalGuild {
    private static final GuildLane[] NONE = {};
    private static final VarHandle GUILD_LANES;

    static {
        try {
            GUILD_LANES = MethodHandles.lookup().findVarHandle(GuildOrder.class, "guildLanes", GuildLane[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final GuildLog log;
    final Decisions decisions = new Decisions();
    final LocalEngine engine;

    /** Null if guilds are not told of presence. */
    private final @Nullable GuildPresence presence;

    private final LongAdder controls = new LongAdder();
    private volatile Incarnation incarnation;
    private volatile GuildLane[] guildLanes = NONE;

    GuildOrder(LocalEngine engine, String id, GuildLog log) {
        this.engine = engine;
        this.log = log;
        this.incarnation = new Incarnation(id, engine.config().clock().epochMillis());
        Presences presences = engine.presences();
        this.presence = presences == null ? null : presences.of((LocalGuild) this);
    }

    /** Whether nothing gets a place any more. */
    abstract boolean hasEnded();

    /** What the guild's events share. */
    Incarnation incarnation() {
        return incarnation;
    }

    public final long epoch() {
        return incarnation.epoch();
    }

    public final String id() {
        return incarnation.guildId();
    }

    public final long nextOffset() {
        return log.end();
    }

    /** Events in the log, without the control entries. */
    long published() {
        return Math.max(0, log.end() - controls.sum());
    }

    LocalEngine engine() {
        return engine;
    }

    boolean belongsTo(LocalEngine other) {
        return engine == other;
    }

    @Nullable
    GuildPresence presence() {
        return presence;
    }

    /** A handler starts again: what is published from now on is of a new epoch. */
    void beginEpoch() {
        long last = incarnation.epoch();
        incarnation =
                new Incarnation(id(), Math.max(last + 1, engine.config().clock().epochMillis()));
    }

    public final LocalChannels channels() {
        return engine.guilds().channelsOf(id());
    }

    /** A copy to be given an offset, its audience as this guild knows it; null if it is for a channel that there is not. */
    @Nullable
    LogEvent stamped(LogEvent event) {
        Address resolved = event.address.isOfChannel() ? event.address.in(channels()) : event.address;
        return resolved == null
                ? null
                : event.stampedFor(incarnation, resolved, engine.config().clock());
    }

    Outcome noChannel() {
        return hasEnded() ? Outcome.CLOSED : Outcome.REFUSED;
    }

    long append(LogEvent stamped) {
        long offset = log.claim();
        if (offset >= 0) {
            stamped.offset = offset;
            log.store(offset, stamped);
            markLanes();
        }
        return offset;
    }

    /** Appends, and waits while the log is full. */
    Receipt appendAndWait(LogEvent event) {
        LogEvent stamped = stamped(event);
        return stamped == null ? new Receipt(noChannel(), 0, -1) : appendAndWaitStamped(stamped);
    }

    private Receipt appendAndWaitStamped(LogEvent stamped) {
        long offset = append(stamped);
        boolean interrupted = false;
        while (offset == GuildLog.FULL) {
            interrupted |= Thread.interrupted();
            log.awaitRoom();
            offset = append(stamped);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return offset >= 0
                ? new Receipt(Outcome.ORDERED, stamped.epoch(), offset)
                : new Receipt(outcomeOf(offset), 0, -1);
    }

    static Outcome outcomeOf(long offset) {
        if (offset >= 0) {
            return Outcome.ORDERED;
        }
        return offset == GuildLog.FULL ? Outcome.BACK_PRESSURED : Outcome.CLOSED;
    }

    static CountedReceipt uncounted(Receipt receipt) {
        return new CountedReceipt(receipt, CompletableFuture.completedStage(0L));
    }

    /** The same, and counts the deliveries. */
    CountedReceipt appendCounted(LogEvent event) {
        LogEvent stamped = stamped(event);
        if (stamped == null) {
            return uncounted(new Receipt(noChannel(), 0, -1));
        }
        CompletableFuture<Long> deliveries = log.counts().watch(stamped);
        Receipt receipt = appendAndWaitStamped(stamped);
        if (receipt.outcome() == Outcome.ORDERED) {
            log.cursorMoved(); // nobody may be subscribed
        } else {
            log.counts().forget(stamped);
            deliveries.complete(0L);
        }
        return new CountedReceipt(receipt, deliveries.minimalCompletionStage());
    }

    /** Reserves a place for the subscription and appends the control entry that fills it. */
    Outcome begin(LocalSubscription subscription) {
        GuildLane guildLane = guildLane(subscription.session.lane());
        Slice slice = guildLane.reserve(subscription.session);
        subscription.place(slice);
        subscription.session.endKickedElsewhere(slice);
        if (presence != null && subscription.announce()) {
            presence.entered(subscription.session.user());
        }
        Control.Begin begin = new Control.Begin(subscription);
        long offset = appendControl(() -> decisions.append(log, begin));
        if (offset < 0) {
            slice.guildLane.release(slice);
        }
        return outcomeOf(offset);
    }

    /** Appends a change for one subscription, or for all of its user if that is null. */
    long append(Control.Change change, @Nullable LocalSubscription only) {
        return appendControl(() -> decisions.append(log, change, only));
    }

    /** Appends the end of all subscriptions of the user that have begun. */
    long append(Control.Kick kick) {
        return appendControl(() -> decisions.append(log, kick, () -> subscriptionsOf(kick.user)));
    }

    private List<LocalSubscription> subscriptionsOf(String user) {
        return engine.users().sessions(user).stream()
                .flatMap(session -> session.subscriptions().stream())
                .filter(subscription -> subscription.guild == this)
                .toList();
    }

    /** Waits for room in the log, but not on a lane. */
    private long appendControl(LongSupplier append) {
        long offset = append.getAsLong();
        while (offset == GuildLog.FULL && engine.currentLane() == null) {
            log.awaitRoom();
            offset = append.getAsLong();
        }
        if (offset >= 0) {
            controls.increment();
            markLanes();
        }
        return offset;
    }

    /** Whether the lane has walked everything there will ever be. */
    boolean isAtEnd(LocalLane lane) {
        GuildLane present = find(guildLanes, lane);
        return present == null || present.isAtEnd();
    }

    void markLanes() {
        VarHandle.fullFence();
        GuildLane[] present = guildLanes;
        if (present.length == 0) {
            return;
        }
        LocalLane current = engine.currentLane();
        for (GuildLane guildLane : present) {
            if (guildLane.markDirty()) {
                if (guildLane.lane == current) {
                    current.ready(guildLane);
                } else if (current != null) {
                    current.deferMark(guildLane);
                } else {
                    guildLane.lane.offer(guildLane);
                }
            }
        }
    }

    /** The guild on a lane, made if the lane has none of it. */
    GuildLane guildLane(LocalLane lane) {
        while (true) {
            GuildLane[] present = guildLanes;
            GuildLane found = find(present, lane);
            if (found != null) {
                return found;
            }
            GuildLane[] next = Arrays.copyOf(present, present.length + 1);
            next[present.length] = new GuildLane((LocalGuild) this, lane);
            if (GUILD_LANES.compareAndSet(this, present, next)) {
                return next[present.length];
            }
        }
    }

    private static @Nullable GuildLane find(GuildLane[] present, LocalLane lane) {
        for (GuildLane guildLane : present) {
            if (guildLane.lane == lane) {
                return guildLane;
            }
        }
        return null;
    }
}
