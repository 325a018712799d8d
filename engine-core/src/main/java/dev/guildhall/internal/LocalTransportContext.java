package dev.guildhall.internal;

import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Lane;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.TransportContext;
import java.util.List;
import java.util.concurrent.Executor;
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
    public @Nullable Attachment open(String user, SessionOptions options, Lane lane, Connection connection) {
        if (!lanes.contains(lane)) {
            throw new IllegalArgumentException(lane + " is not one of this transport's lanes");
        }
        LocalSession session = local.attach(user, options, (LocalLane) lane, connection);
        return session == null ? null : new LocalAttachment(session);
    }
}
