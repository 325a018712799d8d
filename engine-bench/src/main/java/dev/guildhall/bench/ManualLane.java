package dev.guildhall.bench;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.internal.LaneSteps;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A transport whose lanes run when the benchmark's thread says so: what is measured is what the engine does, without hand-offs
 * between threads, and two measurements differ only in what the lanes have to do.
 */
final class ManualLane implements Transport {
    /** As if each flush were a system call, so that sessions have rings to be written from and turns to write. */
    private static final long FLUSH_NANOS = 8_000;

    private final ArrayBlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(64);
    private final int lanes;
    private @Nullable TransportContext context;
    private boolean stalled;

    /** A single lane. */
    ManualLane() {
        this(1);
    }

    /** Some lanes, which take turns on the one thread. */
    ManualLane(int lanes) {
        this.lanes = lanes;
    }

    /** Runs the lanes until they are idle. */
    void run() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
    }

    /** Closes the engine, which waits for the lanes, while running them. */
    void close(Engine engine) {
        Thread closing = Thread.ofPlatform().start(engine::close);
        while (closing.isAlive()) {
            run();
            Thread.onSpinWait();
        }
    }

    /** The clients take nothing until {@link #unstall}. */
    void stall() {
        stalled = true;
    }

    boolean isStalled() {
        return stalled;
    }

    /** The clients take everything again. Their sessions have to be told. */
    void unstall() {
        stalled = false;
    }

    /** A connection whose client takes everything at once. */
    Connection connect(Recipient recipient) {
        return new Link(recipient);
    }

    /** Opens a session on the first lane. */
    Attachment open(Connection connection) {
        return open(connection, 0);
    }

    /** Opens a session on a lane. */
    Attachment open(Connection connection, int lane) {
        return open("bench", connection, lane);
    }

    /** The same for a user. */
    Attachment open(String user, Connection connection, int lane) {
        return Objects.requireNonNull(
                context().open(user, SessionOptions.DEFAULT, context().lanes().get(lane), connection),
                "the engine is open");
    }

    /** Lets the client of a session come back with a new connection on a lane; the answer comes when the lanes have run. */
    void resume(Attachment attachment, long lastSeq, int lane, Connection connection, Consumer<ResumeResult> answer) {
        Session session = attachment.session();
        ResumeRequest request = new ResumeRequest(session.id(), attachment.secret(), lastSeq, session.user());
        context().resume(request, context().lanes().get(lane), connection, answer);
    }

    /** What the first lane does with the guild, step by step. */
    LaneSteps steps(Guild guild) {
        return new LaneSteps(context().lanes().getFirst(), guild);
    }

    private TransportContext context() {
        return Objects.requireNonNull(context, "the engine has not started this");
    }

    @Override
    public List<Executor> laneExecutors() {
        return IntStream.range(0, lanes).<Executor>mapToObj(i -> tasks::add).toList();
    }

    @Override
    public void start(TransportContext engineSide) {
        context = engineSide;
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void close() {}

    /** What is written has arrived. */
    private final class Link implements Connection {
        private final Recipient recipient;

        Link(Recipient recipient) {
            this.recipient = recipient;
        }

        @Override
        public boolean isWritable() {
            return !stalled;
        }

        @Override
        public void write(Event event, long seq) {
            recipient.receive(event.payloadLength());
        }

        @Override
        public void flush() {}

        @Override
        public long flushNanosLater() {
            return FLUSH_NANOS;
        }

        @Override
        public void close(CloseReason reason, boolean resumable) {}
    }
}
