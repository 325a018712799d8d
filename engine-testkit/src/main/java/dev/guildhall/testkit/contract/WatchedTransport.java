package dev.guildhall.testkit.contract;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Lane;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A transport between which and its engine somebody listens, and who may speak to its connections on their lanes. */
final class WatchedTransport implements Transport {
    private final Transport transport;
    private final List<ExecutorService> own = new ArrayList<>();
    private final BlockingQueue<Link> links = new LinkedBlockingQueue<>();
    private List<? extends Executor> executors = List.of();

    WatchedTransport(Transport transport) {
        this.transport = transport;
    }

    /** A connection, its lane, and what the transport has told its session. */
    static final class Link {
        private final Connection connection;
        private final Executor lane;
        private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

        private Link(Connection connection, Executor lane) {
            this.connection = connection;
            this.lane = lane;
        }

        Connection connection() {
            return connection;
        }

        Executor lane() {
            return lane;
        }

        void forgetCalls() {
            calls.clear();
        }

        /** Waits until the call has come; those before it are passed over. */
        boolean awaitCall(String call, Duration patience) throws InterruptedException {
            String next;
            do {
                next = calls.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            } while (next != null && !next.equals(call));
            return next != null;
        }
    }

    @Nullable
    Link nextLink(Duration patience) throws InterruptedException {
        return links.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Two lanes' executors for an engine whose transport brings none; else none, and {@link #laneExecutors} brings them. */
    List<Executor> executorsIfNone() {
        executors = transport.laneExecutors();
        if (executors.isEmpty()) {
            for (int i = 0; i < 2; i++) {
                own.add(Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("contract-lane-", i).factory()));
            }
            executors = List.copyOf(own);
            return List.copyOf(own);
        }
        return List.of();
    }

    void end() {
        own.forEach(ExecutorService::close);
    }

    @Override
    public List<? extends Executor> laneExecutors() {
        return own.isEmpty() ? executors : List.of();
    }

    @Override
    public void start(TransportContext context) throws Exception {
        transport.start(new Context(context));
    }

    @Override
    public void stopAccepting() {
        transport.stopAccepting();
    }

    @Override
    public void close() {
        transport.close();
    }

    /** What the transport is given in the engine's place. */
    private final class Context implements TransportContext {
        private final TransportContext context;

        Context(TransportContext context) {
            this.context = context;
        }

        @Override
        public Engine engine() {
            return context.engine();
        }

        @Override
        public EngineClock clock() {
            return context.clock();
        }

        @Override
        public Executor blockingExecutor() {
            return context.blockingExecutor();
        }

        @Override
        public List<? extends Lane> lanes() {
            return context.lanes();
        }

        @Override
        public @Nullable Attachment open(
                String user,
                SessionOptions options,
                Lane lane,
                Connection connection,
                @Nullable SessionListener listener) {
            Attachment attachment = context.open(user, options, lane, connection, listener);
            if (attachment == null) {
                return null;
            }
            Link link = new Link(connection, executors.get(lane.index()));
            links.add(link);
            return new Heard(attachment, link);
        }

        @Override
        public void resume(ResumeRequest request, Lane lane, Connection connection, Consumer<ResumeResult> answer) {
            context.resume(request, lane, connection, answer);
        }
    }

    /** The engine's end, which notes what it is told. */
    private record Heard(Attachment attachment, Link link) implements Attachment {

        @Override
        public Session session() {
            return attachment.session();
        }

        @Override
        public String secret() {
            return attachment.secret();
        }

        @Override
        public void writable() {
            link.calls.add("writable");
            attachment.writable();
        }

        @Override
        public void acknowledged(long seq) {
            attachment.acknowledged(seq);
        }

        @Override
        public Outcome command(Runnable command) {
            Outcome outcome = attachment.command(command);
            link.calls.add("command " + outcome);
            return outcome;
        }

        @Override
        public void lost(CloseReason reason) {
            link.calls.add("lost " + reason.kind());
            attachment.lost(reason);
        }

        @Override
        public void closed(CloseReason reason) {
            link.calls.add("closed " + reason.kind());
            attachment.closed(reason);
        }
    }
}
