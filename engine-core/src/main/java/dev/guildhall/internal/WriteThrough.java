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
 * ({@link WrittenStage}). A batch is worth a look at ring, session and link. Lane only.
 */
final class WriteThrough {
    private static final int FIRST_CAPACITY = 64;

    private final LaneSessions sessions;
    private final WrittenStage stage = new WrittenStage();
    private @Nullable Connection[] connections = new Connection[FIRST_CAPACITY];

    WriteThrough(LaneSessions sessions) {
        this.sessions = sessions;
    }

    /** The session in the slot has another connection, or none. */
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
        return batch.size == 1 ? writeOne(slot, to, batch) : writeAll(slot, batch);
    }

    private int writeOne(int slot, Connection to, Batch batch) {
        if (!isWritable(to) || !keep(slot, batch)) {
            return 0;
        }
        long seq = sessions.seq(slot) + 1;
        sessions.setSeq(slot, seq);
        try {
            to.write(batch.events[0], seq);
            to.flush();
            sessions.costsLater(to.flushNanosLater());
        } catch (Throwable e) { // a transport's or an encoding's Error must not end the walk
            session(slot).connectionFailed(e);
        }
        return 1;
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
        SessionRing ring = writtenOut(slot, cost);
        if (ring == null) {
            return false;
        }
        if (ring.mostBytesOfEach(WrittenStage.MOST) < cost) {
            ring.addWritten(batch, 1);
            return true;
        }
        stage.open(slot, ring);
        stage.add(slot, place, cost);
        batch.wholeRings++;
        return true;
    }

    private int writeAll(int slot, Batch batch) {
        SessionRing ring = writtenOut(slot, batch.bytes);
        if (ring == null) {
            return 0;
        }
        long seq = sessions.seq(slot);
        int written = session(slot).writeThrough(batch, seq);
        sessions.setSeq(slot, seq + written);
        ring.addWritten(batch, written);
        return written;
    }

    /** The session's ring, if it keeps what is written, everything in it was, and plain events of so many bytes fit in; or null. */
    private @Nullable SessionRing writtenOut(int slot, long bytes) {
        SessionRing ring = sessions.ring(slot);
        if (ring == null && session(slot).isResumable()) {
            ring = sessions.takeRing(slot);
        }
        return ring != null && ring.isWrittenOut() && bytes <= ring.mostBytes() ? ring : null;
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

    /** Whether the session's ring will not be looked at. */
    boolean needsNoRing(int slot, Batch batch) {
        return batch.size == 1 && stage.hasRoom(slot);
    }

    @Override
    public String toString() {
        return "WriteThrough[" + sessions + "]";
    }
}
