package dev.guildhall.internal;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One guild on one lane: the slices of the guild that the lane owns and the dirty flag by which publishers wake it.
 *
 * <p><b>Dirty flag.</b> A publisher stores its entry, then a full fence, then reads the flag; if it is clean it sets it by CAS
 * and the winner hands this object to the lane. The lane walks until no slice has anything ready, sets the flag clean, then a
 * full fence, then looks at the slot at each slice's cursor once more, and takes the mark back if one is filled. Because of the
 * two fences either the publisher sees the clean flag or the lane sees the entry. While the lane still has work the flag stays
 * dirty, so a flooded guild costs its publishers one read.
 *
 * <p><b>Slices.</b> {@code slices} is copy-on-write under this object's monitor, which is taken only to open or to retire a
 * slice. A slice gates the guild's log before the lane can see it.
 *
 * <p><b>Proofs</b> (jcstress, {@code GuildLaneProof}): an event that comes while the flag is cleaned is walked because of exactly one of
 * the two. Not linearizable: {@code isAtEnd}, which is for a closed log.
 */
final class GuildLane {
    private static final Slice[] NONE = {};
    private static final long CLEAN = 0;
    private static final long DIRTY = 1;

    final LocalGuild guild;
    final GuildLog log;
    final LocalLane lane;

    private final PaddedCounter dirty = new PaddedCounter();
    private volatile Slice[] slices = NONE;

    /** Lane only: whether this is in the lane's list of guilds to walk. */
    boolean ready;

    private int turn;

    GuildLane(LocalGuild guild, LocalLane lane) {
        this.guild = guild;
        this.log = guild.log;
        this.lane = lane;
    }

    /** Called after a full fence that follows the store; true if the caller has to hand this to the lane. */
    boolean markDirty() {
        return dirty.getOpaque() == CLEAN && dirty.compareAndSet(CLEAN, DIRTY);
    }

    /** Walks one slice for one batch, lane only. Answers the cost. */
    int walk() {
        Slice[] present = slices;
        for (int i = 0; i < present.length; i++) {
            turn = turn + 1 < present.length ? turn + 1 : 0;
            if (present[turn].hasWork()) {
                return present[turn].walk();
            }
        }
        return 1;
    }

    /** Whether another walk is needed; otherwise the flag is clean when this returns. Lane only. */
    boolean hasMoreOrClean() {
        if (anySliceHasWork()) {
            return true;
        }
        dirty.setVolatile(CLEAN);
        VarHandle.fullFence();
        return anySliceHasWork() && markDirty();
    }

    /** Lets the next publisher mark this again, after a walk that failed. */
    void abandonTurn() {
        dirty.setVolatile(CLEAN);
    }

    /** Whether every slice has passed the end of the closed log. */
    boolean isAtEnd() {
        long end = log.end();
        for (Slice slice : slices) {
            if (slice.cursor.getPlain() < end) {
                return false;
            }
        }
        return true;
    }

    /**
     * A slice with a place reserved for a subscription of the session. If the session has an ended place that was not emptied
     * yet, it is the slice of that one, so that one cursor decides where the old ends and the new begins. Any thread.
     */
    Slice reserve(LocalSession session) {
        Slice former = session.endedPlaceIn(guild);
        if (former != null && former.guildLane == this && former.tryReserveAgain()) {
            return former;
        }
        Slice found = tryReserve(session.isInline());
        return found != null ? found : openSlice(session.isInline());
    }

    /** Gives a reserved place back. Any thread. */
    void release(Slice slice) {
        if (slice.release()) {
            log.deregister(slice);
            replaceSlices(present ->
                    Arrays.stream(present).filter(other -> other != slice).toArray(Slice[]::new));
        }
    }

    private @Nullable Slice tryReserve(boolean inline) {
        for (Slice slice : slices) {
            if (slice instanceof InlineSlice == inline && slice.tryReserve()) {
                return slice;
            }
        }
        return null;
    }

    private synchronized Slice openSlice(boolean inline) {
        Slice found = tryReserve(inline);
        if (found != null) {
            return found;
        }
        Slice slice = inline ? new InlineSlice(this) : new SessionSlice(this);
        slice.tryReserve();
        log.register(slice);
        replaceSlices(present -> {
            Slice[] next = Arrays.copyOf(present, present.length + 1);
            next[present.length] = slice;
            return next;
        });
        return slice;
    }

    private synchronized void replaceSlices(Function<Slice[], Slice[]> change) {
        slices = change.apply(slices);
    }

    private boolean anySliceHasWork() {
        for (Slice slice : slices) {
            if (slice.hasWork()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return guild.id() + "/lane-" + lane.index();
    }
}
