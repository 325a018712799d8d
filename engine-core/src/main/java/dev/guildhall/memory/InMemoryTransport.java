package dev.guildhall.memory;

import dev.guildhall.Event;
import dev.guildhall.Lane;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A transport whose clients live in the same process: what a socket is to the Netty transport, a bounded queue is to this one.
 * A client that does not read makes its connection unwritable, exactly as a client with a full socket would. Any thread may
 * connect and resume; nothing here blocks.
 */
public final class InMemoryTransport implements Transport {
    /** Events a client's queue holds before its connection counts as unwritable. */
    public static final int DEFAULT_CLIENT_CAPACITY = 256;

    private final int clientCapacity;
    private volatile @Nullable BiConsumer<? super Session, ? super Event> commandHandler;
    private final AtomicInteger nextLane = new AtomicInteger();
    private volatile @Nullable TransportContext context;
    private volatile boolean accepting;

    private InMemoryTransport(int clientCapacity) {
        this.clientCapacity = clientCapacity;
    }

    /**
     * A transport whose clients have the default capacity.
     *
     * @return a transport for one engine
     */
    public static InMemoryTransport create() {
        return create(DEFAULT_CLIENT_CAPACITY);
    }

    /**
     * A transport.
     *
     * @param clientCapacity events a client holds unread before the engine stops writing to it; at least 1
     * @return a transport for one engine
     * @throws IllegalArgumentException if the capacity is below 1
     */
    public static InMemoryTransport create(int clientCapacity) {
        if (clientCapacity < 1) {
            throw new IllegalArgumentException("clientCapacity must be at least 1, was " + clientCapacity);
        }
        return new InMemoryTransport(clientCapacity);
    }

    /**
     * Handles what clients {@linkplain InMemoryClient#send send}; ignored unless set.
     *
     * @param handler called in the order of a client's commands, on the engine's executor for blocking code
     * @return this
     */
    public InMemoryTransport onCommand(BiConsumer<? super Session, ? super Event> handler) {
        commandHandler = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /**
     * Connects a client and opens its session with default options.
     *
     * @param user who the client is
     * @return the client's end
     * @throws IllegalStateException if the engine is not open
     */
    public InMemoryClient connect(String user) {
        return connect(user, SessionOptions.DEFAULT);
    }

    /**
     * Connects a client and opens its session, on the next lane in turn.
     *
     * @param user who the client is
     * @param options how the session is set up
     * @return the client's end
     * @throws IllegalStateException if the engine is not open
     */
    public InMemoryClient connect(String user, SessionOptions options) {
        return connect(user, options, nextLane(started()));
    }

    /**
     * Connects a client and opens its session on a lane. What the session is sent waits for that lane, on which nothing of this
     * call runs.
     *
     * @param user who the client is
     * @param options how the session is set up
     * @param lane one of {@link dev.guildhall.Engine#lanes()}, if no other transport brings its own
     * @return the client's end
     * @throws IllegalStateException if the engine is not open
     * @throws IllegalArgumentException if the lane is not one of this transport's
     */
    public InMemoryClient connect(String user, SessionOptions options, Lane lane) {
        TransportContext engineSide = started();
        InMemoryClient client = new InMemoryClient(this, clientCapacity, 0);
        Attachment attachment = accepting ? engineSide.open(user, options, lane, client.connection()) : null;
        if (attachment == null) {
            throw new IllegalStateException("the engine takes no more sessions");
        }
        client.attach(attachment);
        return client;
    }

    /**
     * Connects a client that comes back to its session, on the next lane in turn.
     *
     * @param request what the client says
     * @return the client's end; {@link InMemoryClient#resumption()} tells what became of it, which is a refusal with
     *     {@link ResumeResult.Reason#ENGINE_CLOSED} once the engine has begun to close
     * @throws IllegalStateException if no engine has started this transport yet
     */
    public InMemoryClient resume(ResumeRequest request) {
        return resume(request, nextLane(started()));
    }

    /**
     * Connects a client that comes back to its session, on a lane; a session that lives on another one moves there.
     *
     * @param request what the client says
     * @param lane one of {@link dev.guildhall.Engine#lanes()}, if no other transport brings its own
     * @return the client's end; {@link InMemoryClient#resumption()} tells what became of it, which is a refusal with
     *     {@link ResumeResult.Reason#ENGINE_CLOSED} once the engine has begun to close
     * @throws IllegalStateException if no engine has started this transport yet
     * @throws IllegalArgumentException if the lane is not one of this transport's
     */
    public InMemoryClient resume(ResumeRequest request, Lane lane) {
        TransportContext engineSide = started();
        InMemoryClient client = new InMemoryClient(this, clientCapacity, request.lastSeq());
        if (accepting) {
            engineSide.resume(request, lane, client.connection(), client::answered);
        } else { // and the lanes, which would answer, may have stopped
            client.answered(new ResumeResult.Refused(ResumeResult.Reason.ENGINE_CLOSED));
        }
        return client;
    }

    void handle(Session session, Event command) {
        BiConsumer<? super Session, ? super Event> handler = commandHandler;
        if (handler != null) {
            handler.accept(session, command);
        }
    }

    private TransportContext started() {
        TransportContext present = context;
        if (present == null) {
            throw new IllegalStateException("no engine has started this transport yet");
        }
        return present;
    }

    private Lane nextLane(TransportContext engineSide) {
        return engineSide
                .lanes()
                .get(Math.floorMod(
                        nextLane.getAndIncrement(), engineSide.lanes().size()));
    }

    @Override
    public void start(TransportContext engineSide) {
        context = engineSide;
        accepting = true;
    }

    @Override
    public void stopAccepting() {
        accepting = false;
    }

    @Override
    public void close() {
        accepting = false;
    }

    @Override
    public String toString() {
        return "InMemoryTransport[clientCapacity=" + clientCapacity + (accepting ? ", accepting]" : "]");
    }
}
