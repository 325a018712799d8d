package dev.guildhall.memory;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Lane;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of an in-memory connection: reads what the session is sent, and can stop reading, vanish and come back. Any
 * thread may use it. What needs the session waits for the answer of a client that asked to resume, and throws
 * {@link java.util.concurrent.CompletionException} if that was refused.
 *
 * <p>The lane puts a batch into {@code inbound} when the engine flushes; until then it is collected in {@code unflushed}, which
 * only the lane touches. The connection is writable while it is not stalled and holds less than its capacity. The lane stores
 * {@code wanted} before it looks at that a second time, and a reader takes its event before it looks at {@code wanted}; so a
 * client that reads on always wakes a session that waits for it.
 */
public final class InMemoryClient {
    private final InMemoryTransport transport;
    private final int capacity;
    private final LinkedBlockingQueue<Received> inbound = new LinkedBlockingQueue<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    private final CompletableFuture<Attachment> attachment = new CompletableFuture<>();
    private final CompletableFuture<ResumeResult> resumption = new CompletableFuture<>();
    private volatile boolean stalled;
    private volatile boolean wanted;
    private volatile boolean gone;

    /** Writes until it vanishes; negative while it does not. Set by any thread, counted down by the lane. */
    private volatile int left = -1;

    private volatile boolean resumable;
    private volatile long lastSeq;

    InMemoryClient(InMemoryTransport transport, int capacity, long lastSeq) {
        this.transport = transport;
        this.capacity = capacity;
        this.lastSeq = lastSeq;
    }

    void attach(Attachment engineSide) {
        attachment.complete(engineSide);
        resumption.complete(new ResumeResult.Resumed(engineSide));
    }

    void answered(ResumeResult result) {
        if (result instanceof ResumeResult.Resumed resumed) {
            attachment.complete(resumed.attachment());
        } else {
            attachment.completeExceptionally(new IllegalStateException("the resume was refused: " + result));
        }
        resumption.complete(result);
    }

    Connection connection() {
        return new Link();
    }

    /**
     * The session at the other end. Waits for the answer if this client asked to resume.
     *
     * @return the session
     * @throws java.util.concurrent.CompletionException if the resume was refused
     */
    public Session session() {
        return attachment.join().session();
    }

    /**
     * What became of a client that {@linkplain InMemoryTransport#resume came back}.
     *
     * @return completes when the engine has answered; completed already for a client that opened its session
     */
    public CompletableFuture<ResumeResult> resumption() {
        return resumption.copy();
    }

    /**
     * Reads without waiting.
     *
     * @return the next event, or null if there is none
     */
    public @Nullable Received poll() {
        return hasRead(inbound.poll());
    }

    /**
     * Reads, waiting for the next event if there is none yet.
     *
     * @param timeout how long to wait
     * @return the next event, or null if none came in time
     * @throws InterruptedException if interrupted while waiting
     */
    public @Nullable Received take(Duration timeout) throws InterruptedException {
        return hasRead(inbound.poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
    }

    private @Nullable Received hasRead(@Nullable Received next) {
        if (next != null) {
            lastSeq = next.seq();
        }
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

    /**
     * Sequence number of the last event that was read.
     *
     * @return the number, 0 if nothing was read
     */
    public long lastSeq() {
        return lastSeq;
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

    /** Tells the session that everything read so far has arrived. */
    public void acknowledge() {
        acknowledge(lastSeq);
    }

    /**
     * Tells the session that everything up to a number has arrived, be that true or not: the session ignores a number that it
     * never gave.
     *
     * @param seq any number
     */
    public void acknowledge(long seq) {
        attachment.join().acknowledged(seq);
    }

    /**
     * Sends a command to the application, which {@link InMemoryTransport#onCommand} handles.
     *
     * @param command what to send
     * @return what {@link Attachment#command} answers
     */
    public Outcome send(Event command) {
        Attachment engineSide = attachment.join();
        return engineSide.command(() -> transport.handle(engineSide.session(), command));
    }

    /** Vanishes: what was not read is lost on the way, and the session waits for the client to come back. */
    public void disconnect() {
        disconnect(CloseReason.CONNECTION_LOST);
    }

    /**
     * Vanishes for a reason of which the application is told, as when a transport cuts off a client that was silent for too
     * long. Without effect on the session once another client has resumed it.
     *
     * @param reason what {@link dev.guildhall.SessionListener#onDetached} is told
     */
    public void disconnect(CloseReason reason) {
        vanish(reason);
        attachment.join().lost(reason);
    }

    /**
     * Vanishes while the session is writing to it: takes some more events and loses the rest.
     *
     * @param events how many more it takes; 0 vanishes with the next one
     * @throws IllegalArgumentException if the number is negative
     */
    public void disconnectAfter(int events) {
        if (events < 0) {
            throw new IllegalArgumentException("events must not be negative, was " + events);
        }
        left = events;
    }

    /** Says goodbye: the session ends. */
    public void leave() {
        vanish(CloseReason.CLIENT_LEFT);
        attachment.join().closed(CloseReason.CLIENT_LEFT);
    }

    private void vanish(CloseReason reason) {
        gone = true;
        inbound.clear();
        closed.complete(reason);
    }

    /**
     * Comes back with a new connection, from the last event that was read, on the next lane in turn. This client does not vanish
     * by that: the engine closes it if it is still connected.
     *
     * @return the new client's end; the engine's answer is a refusal once the engine has begun to close
     */
    public InMemoryClient resume() {
        return transport.resume(request());
    }

    /**
     * The same on a lane, to which the session moves if it lives on another one.
     *
     * @param lane one of {@link dev.guildhall.Engine#lanes()}
     * @return the new client's end
     * @throws IllegalArgumentException if the lane is not one of the transport's
     */
    public InMemoryClient resume(Lane lane) {
        return transport.resume(request(), lane);
    }

    private ResumeRequest request() {
        Attachment engineSide = attachment.join();
        Session session = engineSide.session();
        return new ResumeRequest(session.id(), engineSide.secret(), lastSeq, session.user());
    }

    /**
     * What the client has to show to come back.
     *
     * @return the session's secret
     */
    public String secret() {
        return attachment.join().secret();
    }

    /**
     * The end of the connection.
     *
     * @return completes with the reason when the engine has closed the connection, or the client has
     */
    public CompletableFuture<CloseReason> closed() {
        return closed.copy();
    }

    /**
     * Whether the engine, when it closed the connection, said that the session can be resumed.
     *
     * @return false before that
     */
    public boolean wasToldToResume() {
        return resumable;
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

        /** What is written now gets lost. */
        private boolean lost;

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
            int more = left;
            if (more == 0 && !lost) {
                arrive();
                lost = true;
                attachment.join().lost(CloseReason.CONNECTION_LOST);
            }
            if (!lost) {
                unflushed.add(new Received(Objects.requireNonNull(event), seq));
                if (more > 0) { // else it is left alone, as somebody may set it now
                    left = more - 1;
                }
            }
        }

        @Override
        public void flush() {
            arrive();
            if (lost) {
                closed.complete(CloseReason.CONNECTION_LOST);
            }
        }

        private void arrive() {
            inbound.addAll(unflushed);
            unflushed.clear();
            if (gone) {
                inbound.clear();
            }
        }

        @Override
        public void close(CloseReason reason, boolean canResume) {
            resumable = canResume;
            closed.complete(reason);
        }
    }
}
