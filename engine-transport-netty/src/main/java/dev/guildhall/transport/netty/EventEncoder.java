package dev.guildhall.transport.netty;

import dev.guildhall.Event;

/** Makes JSON of an event type whose payload is not JSON. */
@FunctionalInterface
public interface EventEncoder {

    /**
     * The event's {@code d}. Called about once per event, whatever the number of receivers, on a lane: it must not block. The
     * result is shared by every guild and recipient, so it must not depend on guild, offset or session.
     *
     * @param event what to encode
     * @return one JSON value in UTF-8. If this throws, the failure is logged at WARN and the event goes out with a {@code d}
     *     of null, so that no session loses its place
     */
    byte[] toJson(Event event);
}
