package dev.guildhall.testkit.simulation;

import dev.guildhall.Lane;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Attaches the links of a schedule's clients. */
final class SimulatedTransport implements Transport {
    private final CompletableFuture<TransportContext> context = new CompletableFuture<>();

    Attachment open(String user, SessionOptions options, Lane lane, Connection connection) {
        return Objects.requireNonNull(context.join().open(user, options, lane, connection), "the engine is open");
    }

    void resume(ResumeRequest request, Lane lane, Connection connection, Consumer<ResumeResult> answer) {
        context.join().resume(request, lane, connection, answer);
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
