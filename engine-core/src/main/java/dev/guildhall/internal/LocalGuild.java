package dev.guildhall.internal;

import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.Receipt;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A plain guild: publishers append to its log from their own threads and mark the lanes that have subscriptions in it.
 *
 * <p><b>Life.</b> A guild that nobody uses ends ({@link GuildRegistry}): its log is closed, by the same word that publishers claim
 * from, provided that nothing was claimed since it was seen idle. A subscription counts as a member before it claims its entry. So
 * whoever comes at the same time either claims first, and the guild goes on; or finds the log closed, and goes on with the guild
 * that the registry starts in its place. A closed guild therefore works as a name for its successor.
 *
 * <p>{@code guildLanes} is copy-on-write by CAS and only grows: a lane that once had a subscription here keeps its entry,
 * which costs a publisher one read per event.
 */
public final class LocalGuild implements Guild {
    /** In place of an offset, beside those of {@link GuildLog#claim}: the event is for a channel that the guild does not have. */
    private static final long NO_CHANNEL = -3;

    private static final GuildLane[] NONE = {};
    private static final VarHandle GUILD_LANES;

    static {
        try {
            GUILD_LANES = MethodHandles.lookup().findVarHandle(LocalGuild.class, "guildLanes", GuildLane[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final GuildLog log;
    final Decisions decisions = new Decisions();

    private final LocalEngine engine;
    private final Incarnation incarnation;
    private final LongAdder controls = new LongAdder();

    /** Subscriptions in the lists of sessions. */
    private final AtomicInteger members = new AtomicInteger();

    /** Registry's sweep only: what was seen the last time, and since when it was so. */
    private long seenEnd;

    private long idleSince;
    private volatile GuildLane[] guildLanes = NONE;

    LocalGuild(LocalEngine engine, String id, long epoch, GuildLog log) {
        this.engine = engine;
        this.incarnation = new Incarnation(id, epoch);
        this.log = log;
        this.idleSince = engine.config().clock().nanoTime();
    }

    static String requireValidId(String id) {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException(
                    "a guild's id must have 1 to " + MAX_ID_LENGTH + " characters, had " + id.length());
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (Character.isISOControl(c) || (Character.isSurrogate(c) && !isPaired(id, i))) {
                throw new IllegalArgumentException(
                        "a guild's id must be plain text, had \\u%04x at index %d".formatted((int) c, i));
            }
        }
        return id;
    }

    private static boolean isPaired(String id, int i) {
        return Character.isHighSurrogate(id.charAt(i))
                ? i + 1 < id.length() && Character.isLowSurrogate(id.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(id.charAt(i - 1));
    }

    LocalEngine engine() {
        return engine;
    }

    boolean belongsTo(LocalEngine other) {
        return engine == other;
    }

    @Override
    public String id() {
        return incarnation.guildId();
    }

    /** What the guild's events share. */
    Incarnation incarnation() {
        return incarnation;
    }

    @Override
    public long epoch() {
        return incarnation.epoch();
    }

    @Override
    public long nextOffset() {
        return log.end();
    }

    /** Events in the log, without the control entries. */
    long published() {
        return Math.max(0, log.end() - controls.sum());
    }

    @Override
    public int subscriptionCount() {
        return members.get();
    }

    /** A session lists a subscription. */
    void joined() {
        members.incrementAndGet();
    }

    /** A session no longer lists a subscription. */
    void left() {
        members.decrementAndGet();
    }

    @Override
    public Outcome tryPublish(Event event) {
        LogEvent stamped = stamped((LogEvent) event);
        long offset = stamped == null ? noChannel() : append(stamped);
        if (offset >= 0) {
            return Outcome.ORDERED;
        }
        if (offset == GuildLog.FULL) {
            return Outcome.BACK_PRESSURED;
        }
        if (offset == NO_CHANNEL) {
            return Outcome.REFUSED;
        }
        LocalGuild present = successor();
        return present == null ? whyNone() : present.tryPublish(event);
    }

    @Override
    public Receipt publish(Event event) {
        if (engine.currentLane() != null) {
            throw new IllegalStateException("publish would wait on the lane that has to make room; use tryPublish");
        }
        LogEvent stamped = stamped((LogEvent) event);
        long offset = stamped == null ? noChannel() : append(stamped);
        if (offset == GuildLog.FULL) {
            offset = appendWhenThereIsRoom(Objects.requireNonNull(stamped));
        }
        if (offset >= 0) {
            return new Receipt(Outcome.ORDERED, epoch(), offset);
        }
        if (offset == NO_CHANNEL) {
            return new Receipt(Outcome.REFUSED, epoch(), -1);
        }
        LocalGuild present = successor();
        return present == null ? new Receipt(whyNone(), 0, -1) : present.publish(event);
    }

    private long appendWhenThereIsRoom(LogEvent stamped) {
        boolean interrupted = false;
        long offset;
        do {
            interrupted |= Thread.interrupted();
            log.awaitRoom();
            offset = append(stamped);
        } while (offset == GuildLog.FULL);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return offset;
    }

    /** A copy to be given an offset, its audience as this guild knows it; null if it is for a channel that there is not. */
    private @Nullable LogEvent stamped(LogEvent event) {
        Address resolved = event.address.isOfChannel() ? event.address.in(channels()) : event.address;
        return resolved == null
                ? null
                : event.stampedFor(incarnation, resolved, engine.config().clock());
    }

    private long noChannel() {
        return log.isClosed() ? GuildLog.CLOSED : NO_CHANNEL;
    }

    private long append(LogEvent stamped) {
        long offset = log.claim();
        if (offset >= 0) {
            stamped.offset = offset;
            log.store(offset, stamped);
            markLanes();
        }
        return offset;
    }

    @Override
    public LocalChannels channels() {
        return engine.guilds().channelsOf(id());
    }

    @Override
    public Outcome setInterests(String user, Interests interests) {
        Objects.requireNonNull(user, "user");
        InterestSet next = (InterestSet) Objects.requireNonNull(interests, "interests");
        long offset = append(Control.Change.ofAll(user, next), null);
        if (offset >= 0) {
            return Outcome.ORDERED;
        }
        if (offset == GuildLog.FULL) {
            return Outcome.BACK_PRESSURED;
        }
        LocalGuild present = successor();
        return present == null ? whyNone() : present.setInterests(user, next);
    }

    /** Appends a change for one subscription, or for all of its user if that is null. Waits for room in the log, but not on a lane. */
    long append(Control.Change change, @Nullable LocalSubscription only) {
        long offset = decisions.append(log, change, only);
        while (offset == GuildLog.FULL && engine.currentLane() == null) {
            log.awaitRoom();
            offset = decisions.append(log, change, only);
        }
        if (offset >= 0) {
            controls.increment();
            markLanes();
        }
        return offset;
    }

    /** Reserves a place for the subscription and appends the control entry that fills it. */
    Outcome subscribe(LocalSubscription subscription) {
        GuildLane guildLane = guildLane(subscription.session.lane());
        Slice slice = guildLane.reserve(subscription.session);
        subscription.place(slice);
        long offset = append(new Control.Begin(subscription));
        if (offset >= 0) {
            return Outcome.ORDERED;
        }
        slice.guildLane.release(slice);
        return offset == GuildLog.FULL ? Outcome.BACK_PRESSURED : Outcome.CLOSED;
    }

    /** Waits for room in the log, but not on a lane. */
    private long append(Control control) {
        long offset = log.claim();
        while (offset == GuildLog.FULL && engine.currentLane() == null) {
            log.awaitRoom();
            offset = log.claim();
        }
        if (offset >= 0) {
            control.ordered(offset);
            log.store(offset, control);
            controls.increment();
            markLanes();
        }
        return offset;
    }

    // --- beginning and end

    /** This guild, or if it has ended, the one in its place; null if there is none. */
    @Nullable
    LocalGuild current() {
        return log.isClosed() ? successor() : this;
    }

    private @Nullable LocalGuild successor() {
        return engine.isDraining() ? null : engine.guilds().findOrStart(id());
    }

    /** Why {@link #current} has answered null. */
    Outcome whyNone() {
        return engine.isDraining() ? Outcome.CLOSED : Outcome.REFUSED;
    }

    /** Ends the guild if nobody has used it for a time. Called by the registry's sweep. */
    boolean tryRetire(long nowNanos, long idleNanos) {
        long end = log.end();
        if (members.get() != 0 || end != seenEnd) {
            seenEnd = end;
            idleSince = nowNanos;
            return false;
        }
        return nowNanos - idleSince >= idleNanos && log.tryClose(end);
    }

    boolean hasEnded() {
        return log.isClosed();
    }

    /** Ends the log; what is in it is still delivered. */
    void close() {
        log.close();
        markLanes();
    }

    /** Whether the lane has walked everything there will ever be. */
    boolean isAtEnd(LocalLane lane) {
        GuildLane present = find(guildLanes, lane);
        return present == null || present.isAtEnd();
    }

    private void markLanes() {
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
            next[present.length] = new GuildLane(this, lane);
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

    @Override
    public String toString() {
        return "Guild[" + incarnation + ", next=" + nextOffset() + ", " + subscriptionCount() + " subscriptions]";
    }
}
