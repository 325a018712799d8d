package dev.guildhall.bench;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
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
import org.jspecify.annotations.Nullable;

/**
 * A transport with one lane that runs when the benchmark's thread says so: what is measured is what the engine does, without
 * hand-offs between threads, and two measurements differ only in what the lane has to do.
 */
final class ManualLane implements Transport {
    private final ArrayBlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(64);
    private @Nullable TransportContext context;
    private boolean stalled;

    /** Runs the lane until it is idle. */
    void run() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
    }

    /** Closes the engine, which waits for the lane, while running the lane. */
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

    /** The clients take everything again; true if they did not. Their sessions have to be told. */
    boolean unstall() {
        boolean before = stalled;
        stalled = false;
        return before;
    }

    /** A connection whose client takes everything at once. */
    Connection connect(Recipient recipient) {
        return new Link(recipient);
    }

    /** Opens a session whose client takes everything at once. */
    Attachment open(Recipient recipient) {
        return open("bench", recipient);
    }

    /** The same for a user. */
    Attachment open(String user, Recipient recipient) {
        return Objects.requireNonNull(
                context().open(user, SessionOptions.DEFAULT, context().lanes().getFirst(), connect(recipient)),
                "the engine is open");
    }

    /** Lets the client of a session come back with a new connection; the answer comes when the lane has run. */
    void resume(Attachment attachment, long lastSeq, Recipient recipient, Consumer<ResumeResult> answer) {
        Session session = attachment.session();
        ResumeRequest request = new ResumeRequest(session.id(), attachment.secret(), lastSeq, session.user());
        context().resume(request, context().lanes().getFirst(), connect(recipient), answer);
    }

    private TransportContext context() {
        return Objects.requireNonNull(context, "the engine has not started this");
    }

    @Override
    public List<Executor> laneExecutors() {
        return List.of(tasks::add);
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
        public void close(CloseReason reason, boolean resumable) {}
    }
}
