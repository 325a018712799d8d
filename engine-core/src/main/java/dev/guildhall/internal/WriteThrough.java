package dev.guildhall.internal;

import dev.guildhall.spi.Connection;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a walk delivers to sessions that have nothing else to do, which then need no turn. What is written is numbered, and kept for a
 * resume, as if it had been appended before.
 *
 * <p>Of a session that is written one event its connection is touched, and a few arrays by slot: its ring is told later
 * ({@link WrittenStage}). A batch is worth a look at the ring. Lane only.
 */
final class WriteThrough {
    private static final int FIRST_CAPACITY = 64;

    private final LocalLane lane;
    private final LaneSessions sessions;
    private final WrittenStage stage = new WrittenStage();
    private @Nullable Connection[] connections = new Connection[FIRST_CAPACITY];

    WriteThrough(LocalLane lane, LaneSessions sessions) {
        this.lane = lane;
        this.sessions = sessions;
    }

    /** The session in the slot has another connection, or none that walks may write to. */
    void connected(int slot, @Nullable Connection connection) {
        if (slot >= connections.length) {
            connections = Arrays.copyOf(connections, Integer.highestOneBit(slot) * 2);
        }
        connections[slot] = connection;
    }

    /** Writes to the session in the slot; answers how many events. */
    int write(int slot, Batch batch) {
        Connection to = connections[slot];
        if (to == null) {
            return 0;
        }
        return batch.size == 1 ? writeOne(slot, to, batch) : writeAll(slot, to, batch);
    }

    private int writeOne(int slot, Connection to, Batch batch) {
        if (isLost(slot) || !isWritable(to) || !keep(slot, batch)) {
            return 0;
        }
        long seq = sessions.seq(slot) + 1;
        sessions.setSeq(slot, seq);
        try {
            to.write(batch.events[0], seq);
            lane.writePace.flush(to);
        } catch (Throwable e) { // a transport's or an encoding's Error must not end the walk
            session(slot).connectionFailed(e);
        }
        return 1;
    }

    /** A session and its link, which lie elsewhere in memory, are looked at only while the lane has been told of a loss. */
    private boolean isLost(int slot) {
        return lane.mayHaveLoss() && session(slot).hasLostLink();
    }

    /** One that cannot even be asked fails in the session's turn. */
    private static boolean isWritable(Connection connection) {
        try {
            return connection.isWritable();
        } catch (Throwable e) { // see above
            return false;
        }
    }

    /** Keeps the only event of a batch; answers false if the ring does not let it. */
    private boolean keep(int slot, Batch batch) {
        int place = batch.places[0];
        int cost = (int) batch.bytes;
        if (stage.add(slot, place, cost)) {
            batch.wholeRings++;
            return true;
        }
        SessionRing ring = ringWithoutUnsent(slot, cost);
        if (ring == null) {
            return false;
        }
        if (ring.mostBytesOfEach(WrittenStage.MOST) < cost) {
            addWritten(slot, ring, batch, 1);
            return true;
        }
        stage.open(slot, ring);
        stage.add(slot, place, cost);
        batch.wholeRings++;
        return true;
    }

    private int writeAll(int slot, Connection to, Batch batch) {
        SessionRing ring = ringWithoutUnsent(slot, batch.bytes);
        if (ring == null) {
            return 0;
        }
        long seq = sessions.seq(slot);
        int written = 0;
        try {
            while (written < batch.size && !isLost(slot) && to.isWritable()) {
                LogEvent event = batch.events[written++];
                to.write(event, seq + written);
            }
            if (written > 0) {
                lane.writePace.flush(to);
            }
        } catch (Throwable e) { // see above
            session(slot).connectionFailed(e);
        }
        sessions.setSeq(slot, seq + written);
        addWritten(slot, ring, batch, written);
        return written;
    }

    private void addWritten(int slot, SessionRing ring, Batch batch, int written) {
        ring.addWritten(batch, written);
        if (ring.isEmpty()) { // of a session that keeps nothing
            sessions.releaseRing(slot);
        }
    }

    /**
     * The session's ring, with what was staged, if everything in it was written and plain events of so many bytes fit in; or null. A
     * session that has none gets one.
     */
    private @Nullable SessionRing ringWithoutUnsent(int slot, long bytes) {
        SessionRing ring = sessions.ring(slot);
        if (ring == null) {
            ring = sessions.takeRing(slot);
        }
        return ring.isWrittenOut() && bytes <= ring.mostBytes() ? ring : null;
    }

    private LocalSession session(int slot) {
        return Objects.requireNonNull(sessions.session(slot));
    }

    /** Enters in the ring what was written and it does not know yet. */
    void close(int slot, SessionRing ring) {
        stage.close(slot, ring);
    }

    /** Reads what a write will touch; the value has no meaning. */
    int touch(int slot) {
        return connections[slot] instanceof InlineConnection ? 1 : 0;
    }

    /** Whether the session's ring will hardly be looked at. */
    boolean needsNoRing(int slot, Batch batch) {
        return batch.size == 1 && stage.hasRoom(slot);
    }

    @Override
    public String toString() {
        return "WriteThrough[" + sessions + "]";
    }
}
