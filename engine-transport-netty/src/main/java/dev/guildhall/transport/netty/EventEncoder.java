package dev.guildhall.transport.netty;

import dev.guildhall.Event;

/** Makes JSON of an event type whose payload is not JSON, or not what this gateway's clients know it by. */
@FunctionalInterface
public interface EventEncoder {

    /**
     * The event's {@code d}. Called about once per event and form of message that a receiver has agreed to, which is its encoding and its
     * compression, whatever the number of receivers, on a lane: it must not block. The
     * result is shared by every guild and recipient, so it must not depend on guild, offset or session.
     *
     * @param event what to encode
     * @return one JSON value in UTF-8. If this throws, the failure is logged at WARN and the event goes out with a {@code d}
     *     of null, so that no session loses its place
     */
    byte[] toJson(Event event);

    /**
     * The event's {@code t}: the name under which clients know it. Called as {@link #toJson} is; if it throws, the event goes out under its own
     * type.
     *
     * @param event what to encode
     * @return by default the event's type
     */
    default String name(Event event) {
        return event.type();
    }
}
