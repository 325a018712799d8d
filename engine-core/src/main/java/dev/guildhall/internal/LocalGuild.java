package dev.guildhall.internal;

import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Receipt;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A plain guild: publishers append to its log from their own threads and mark the lanes that have subscriptions in it.
 *
 * <p>{@code guildLanes} is copy-on-write by CAS and only grows: a lane that once had a subscription here keeps its entry,
 * which costs a publisher one read per event.
 */
public final class LocalGuild implements Guild {
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

    private final LocalEngine engine;
    private final Incarnation incarnation;
    private final LongAdder controls = new LongAdder();
    private volatile GuildLane[] guildLanes = NONE;

    LocalGuild(LocalEngine engine, String id, long epoch, GuildLog log) {
        this.engine = engine;
        this.incarnation = new Incarnation(id, epoch);
        this.log = log;
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
        int count = 0;
        for (GuildLane guildLane : guildLanes) {
            count += guildLane.subscriptionCount();
        }
        return count;
    }

    @Override
    public Outcome tryPublish(Event event) {
        long offset = append(
                ((LogEvent) event).stampedFor(incarnation, engine.config().clock()));
        if (offset >= 0) {
            return Outcome.ORDERED;
        }
        return offset == GuildLog.FULL ? Outcome.BACK_PRESSURED : Outcome.CLOSED;
    }

    @Override
    public Receipt publish(Event event) {
        if (engine.currentLane() != null) {
            throw new IllegalStateException("publish would wait on the lane that has to make room; use tryPublish");
        }
        LogEvent stamped =
                ((LogEvent) event).stampedFor(incarnation, engine.config().clock());
        long offset = append(stamped);
        if (offset == GuildLog.FULL) {
            boolean interrupted = false;
            do {
                interrupted |= Thread.interrupted();
                log.awaitRoom();
                offset = append(stamped);
            } while (offset == GuildLog.FULL);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return offset >= 0 ? new Receipt(Outcome.ORDERED, epoch(), offset) : new Receipt(Outcome.CLOSED, 0, -1);
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

    /** Reserves a place for the subscription and appends the control entry that fills it. */
    Outcome subscribe(LocalSubscription subscription) {
        GuildLane guildLane = guildLane(subscription.session.lane());
        Slice slice = guildLane.reserve(subscription.session);
        subscription.place(slice);
        Control control = new Control(subscription);
        long offset = log.claim();
        while (offset == GuildLog.FULL && engine.currentLane() == null) {
            log.awaitRoom();
            offset = log.claim();
        }
        if (offset < 0) {
            slice.guildLane.release(slice);
            return offset == GuildLog.FULL ? Outcome.BACK_PRESSURED : Outcome.CLOSED;
        }
        control.offset = offset;
        subscription.ordered(offset);
        log.store(offset, control);
        controls.increment();
        markLanes();
        return Outcome.ORDERED;
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
