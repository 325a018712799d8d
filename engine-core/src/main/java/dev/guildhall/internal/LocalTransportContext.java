package dev.guildhall.internal;

import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Lane;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.spi.TransportContext;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one transport is given. */
record LocalTransportContext(LocalEngine local, List<LocalLane> lanes) implements TransportContext {

    @Override
    public Engine engine() {
        return local;
    }

    @Override
    public EngineClock clock() {
        return local.config().clock();
    }

    @Override
    public Executor blockingExecutor() {
        return local.config().blockingExecutor();
    }

    @Override
    public @Nullable Attachment open(
            String user, SessionOptions options, Lane lane, Connection connection, @Nullable SessionListener listener) {
        return local.attach(user, options, requireOwn(lane), connection, listener);
    }

    @Override
    public void resume(ResumeRequest request, Lane lane, Connection connection, Consumer<ResumeResult> answer) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(answer, "answer");
        Resumption.begin(local, request, requireOwn(lane), connection, answer);
    }

    private LocalLane requireOwn(Lane lane) {
        if (!lanes.contains(lane)) {
            throw new IllegalArgumentException(lane + " is not one of this transport's lanes");
        }
        return (LocalLane) lane;
    }
}
