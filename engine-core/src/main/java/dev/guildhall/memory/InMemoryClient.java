package dev.guildhall.memory;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Session;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of an in-memory connection: reads what the session is sent, and can stop reading or vanish. Any thread may
 * use it.
 *
 * <p>The lane puts a batch into {@code inbound} when the engine flushes; until then it is collected in {@code unflushed}, which
 * only the lane touches. The connection is writable while it is not stalled and holds less than its capacity. The lane stores
 * {@code wanted} before it looks at that a second time, and a reader takes its event before it looks at {@code wanted}; so a
 * client that reads on always wakes a session that waits for it.
 */
public final class InMemoryClient {
    private final int capacity;
    private final LinkedBlockingQueue<Received> inbound = new LinkedBlockingQueue<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    private final CompletableFuture<Attachment> attachment = new CompletableFuture<>();
    private volatile boolean stalled;
    private volatile boolean wanted;

    InMemoryClient(int capacity) {
        this.capacity = capacity;
    }

    void attach(Attachment engineSide) {
        attachment.complete(engineSide);
    }

    Connection connection() {
        return new Link();
    }

    /**
     * The session at the other end.
     *
     * @return the session
     */
    public Session session() {
        return attachment.join().session();
    }

    /**
     * Reads without waiting.
     *
     * @return the next event, or null if there is none
     */
    public @Nullable Received poll() {
        Received next = inbound.poll();
        tellWritable();
        return next;
    }

    /**
     * Reads, waiting for the next event if there is none yet.
     *
     * @param timeout how long to wait
     * @return the next event, or null if none came in time
     * @throws InterruptedException if interrupted while waiting
     */
    public @Nullable Received take(Duration timeout) throws InterruptedException {
        Received next = inbound.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        tellWritable();
        return next;
    }

    /**
     * Events that wait to be read.
     *
     * @return their number
     */
    public int unread() {
        return inbound.size();
    }

    /** Behaves like a client whose socket is full: the connection takes nothing more until {@link #unstall()}. */
    public void stall() {
        stalled = true;
    }

    /** Takes events again. */
    public void unstall() {
        stalled = false;
        tellWritable();
    }

    /** Vanishes: the session ends with {@link CloseReason.Kind#CONNECTION_LOST}. */
    public void disconnect() {
        closed.complete(CloseReason.CONNECTION_LOST);
        attachment.join().closed(CloseReason.CONNECTION_LOST);
    }

    /**
     * The end of the connection.
     *
     * @return completes with the reason when the engine has closed the connection, or the client has
     */
    public CompletableFuture<CloseReason> closed() {
        return closed.copy();
    }

    @Override
    public String toString() {
        return "InMemoryClient[" + unread() + " unread" + (stalled ? ", stalled" : "")
                + (closed.isDone() ? ", closed]" : "]");
    }

    private boolean hasRoom(int more) {
        return !stalled && inbound.size() + more < capacity;
    }

    private void tellWritable() {
        if (wanted && hasRoom(0)) {
            wanted = false;
            attachment.join().writable();
        }
    }

    /** The connection as the engine sees it. */
    private final class Link implements Connection {
        private final ArrayDeque<Received> unflushed = new ArrayDeque<>();

        @Override
        public boolean isWritable() {
            if (hasRoom(unflushed.size())) {
                return true;
            }
            wanted = true;
            return hasRoom(unflushed.size());
        }

        @Override
        public void write(Event event, long seq) {
            unflushed.add(new Received(Objects.requireNonNull(event), seq));
        }

        @Override
        public void flush() {
            inbound.addAll(unflushed);
            unflushed.clear();
        }

        @Override
        public void close(CloseReason reason) {
            closed.complete(reason);
        }
    }
}
