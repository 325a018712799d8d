package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Server-sent events, for one connection: each dispatch has an id, by which the client can come back. */
final class EventStreamForm implements MessageForm {
    private final EventStreamEncoding encoding;
    private @Nullable DispatchFrame id;

    EventStreamForm(EventStreamEncoding encoding) {
        this.encoding = encoding;
    }

    /** Whose dispatches are sent from now on. */
    void of(String sessionId) {
        id = EventStreamEncoding.idOf(sessionId);
    }

    @Override
    public MessageEncoding encoding() {
        return MessageEncoding.JSON;
    }

    @Override
    public void dispatch(Outbox outbox, Event event, long seq) {
        outbox.append(Objects.requireNonNull(id), seq);
        outbox.append(event.encoded(encoding), seq);
    }

    /** Of lines that are server-sent events or comments. */
    @Override
    public byte[] control(byte[] lines) {
        return EventStreamEncoding.chunk(lines);
    }

    @Override
    public void release() {
        // nothing is the connection's own
    }

    @Override
    public String toString() {
        return "events";
    }
}
