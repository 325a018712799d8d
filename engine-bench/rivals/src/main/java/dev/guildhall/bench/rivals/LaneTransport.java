package dev.guildhall.bench.rivals;

import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions with a connection on the engine's own lanes, as a gateway would: with a ring, sequence numbers and default
 * options.
 */
final class LaneTransport implements Transport {
    private @Nullable TransportContext context;

    /** Opens a session on the lane. */
    Attachment open(String user, int lane, Connection connection) {
        TransportContext present = context();
        return Objects.requireNonNull(
                present.open(user, SessionOptions.DEFAULT, present.lanes().get(lane), connection),
                "the engine is open");
    }

    int lanes() {
        return context().lanes().size();
    }

    private TransportContext context() {
        return Objects.requireNonNull(context, "the engine has not started this");
    }

    @Override
    public void start(TransportContext engineSide) {
        context = engineSide;
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void close() {}
}
