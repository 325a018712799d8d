package dev.guildhall.bench;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Lane;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transport without sockets on the engine's own lanes: sessions as clients have them, with sequence numbers and rings, whose
 * connections the benchmark gives. Sessions may be opened by any thread once the engine is open.
 */
public final class DirectTransport implements Transport {
    private @Nullable TransportContext context;

    /** Opens a session on the lane whose turn the number says: one after the other, and then the first again. */
    public Attachment open(int number, String user, SessionOptions options, Connection connection) {
        TransportContext present = context();
        List<? extends Lane> lanes = present.lanes();
        return Objects.requireNonNull(
                present.open(user, options, lanes.get(number % lanes.size()), connection), "the engine is open");
    }

    /** How many lanes the engine has. */
    public int lanes() {
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

    /** A connection that takes everything at once and counts it with its recipient. */
    public record Link(Recipient recipient) implements Connection {
        @Override
        public boolean isWritable() {
            return true;
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
