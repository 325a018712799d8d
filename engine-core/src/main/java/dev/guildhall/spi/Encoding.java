package dev.guildhall.spi;

import dev.guildhall.Event;

/**
 * A transport's form of an event. Instances are compared by identity, so keep one per encoding, not one per connection.
 *
 * @param <T> the encoded form: immutable, shared by all connections that use this encoding
 */
@FunctionalInterface
public interface Encoding<T> {

    /**
     * Encodes type and payload. Called on a lane, so it must not block. The result is shared by every guild and recipient of
     * the same payload and so must not depend on guild, offset or session.
     *
     * @param event what to encode
     * @return its form, never null
     */
    T encode(Event event);
}
