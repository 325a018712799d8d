package dev.guildhall.testkit;

import dev.guildhall.Lane;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Attaches whatever connection a test brings. */
final class BareTransport implements Transport {
    private final CompletableFuture<TransportContext> context = new CompletableFuture<>();

    /** A session on the first lane. */
    Attachment open(SessionOptions options, Connection connection) {
        return open("client", options, connection);
    }

    /** A user's session on the first lane. */
    Attachment open(String user, SessionOptions options, Connection connection) {
        return Objects.requireNonNull(
                context.join().open(user, options, lanes().getFirst(), connection), "the engine is open");
    }

    void resume(ResumeRequest request, Lane lane, Connection connection, Consumer<ResumeResult> answer) {
        context.join().resume(request, lane, connection, answer);
    }

    List<? extends Lane> lanes() {
        return context.join().lanes();
    }

    @Override
    public void start(TransportContext engineSide) {
        context.complete(engineSide);
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void close() {}
}
