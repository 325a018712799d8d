package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;
import dev.guildhall.spi.Encoding;
import dev.guildhall.transport.netty.EventEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** Makes dispatches. One instance per gateway and encoding of messages. */
final class DispatchEncoding implements Encoding<DispatchFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(DispatchEncoding.class);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final Map<String, EventEncoder> encoders;
    private final MessageEncoding encoding;

    /** Of JSON. */
    DispatchEncoding(Map<String, EventEncoder> encoders) {
        this(encoders, MessageEncoding.JSON);
    }

    DispatchEncoding(Map<String, EventEncoder> encoders, MessageEncoding encoding) {
        this.encoders = encoders;
        this.encoding = encoding;
    }

    MessageEncoding encoding() {
        return encoding;
    }

    @Override
    public DispatchFrame encode(Event event) {
        return encoding.dispatch(encoding.text(name(event)), data(event));
    }

    private ByteBuffer data(Event event) {
        ByteBuffer json = json(event);
        try {
            return encoding.ofJson(json);
        } catch (JacksonException e) { // its words may quote the payload
            LOG.warn(
                    "An event of type {} is not JSON; it goes out in {} without data: {}",
                    event.type(),
                    encoding.word(),
                    e.getClass().getSimpleName());
            return encoding.ofJson(ByteBuffer.wrap(NULL));
        }
    }

    private String name(Event event) {
        EventEncoder encoder = encoders.get(event.type());
        if (encoder == null) {
            return event.type();
        }
        try {
            return Objects.requireNonNull(encoder.name(event), "the encoder's name is null");
        } catch (RuntimeException e) {
            LOG.warn("The encoder of event type {} failed; the event goes out under its own type", event.type(), e);
            return event.type();
        }
    }

    private ByteBuffer json(Event event) {
        EventEncoder encoder = encoders.get(event.type());
        if (encoder == null) {
            return event.payloadLength() == 0 ? ByteBuffer.wrap(NULL) : event.payload();
        }
        try {
            return ByteBuffer.wrap(encoder.toJson(event));
        } catch (RuntimeException e) {
            // Throwing on would end every session that this event goes to, for one mistake of the application.
            LOG.warn("The encoder of event type {} failed; the event goes out without data", event.type(), e);
            return ByteBuffer.wrap(NULL);
        }
    }
}
