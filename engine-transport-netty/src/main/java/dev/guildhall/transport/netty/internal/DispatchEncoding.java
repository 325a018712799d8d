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
import tools.jackson.core.io.JsonStringEncoder;

/** Makes dispatches, {@code {"s":         1,"op":0,"t":"TYPE","d":PAYLOAD}}. One instance per gateway. */
final class DispatchEncoding implements Encoding<DispatchFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(DispatchEncoding.class);
    static final byte[] BEFORE_SEQ = ascii("{\"s\":");
    private static final byte[] BEFORE_TYPE = ascii(",\"op\":0,\"t\":\"");
    private static final byte[] BEFORE_DATA = ascii("\",\"d\":");
    private static final byte[] NULL = ascii("null");

    /** The part of a message that is not the same for all its receivers ends here. */
    static final int SHARED_FROM = BEFORE_SEQ.length + DispatchFrame.SEQ_WIDTH;

    private final Map<String, EventEncoder> encoders;

    DispatchEncoding(Map<String, EventEncoder> encoders) {
        this.encoders = encoders;
    }

    @Override
    public DispatchFrame encode(Event event) {
        byte[] type = JsonStringEncoder.getInstance().quoteAsUTF8(name(event));
        ByteBuffer data = data(event);
        int length = BEFORE_SEQ.length
                + DispatchFrame.SEQ_WIDTH
                + BEFORE_TYPE.length
                + type.length
                + BEFORE_DATA.length
                + data.remaining()
                + 1;
        int header = ServerFrame.headerLength(length);
        byte[] frame = new byte[header + length];
        ServerFrame.putHeader(frame, 0, ServerFrame.TEXT, length);
        ByteBuffer rest = ByteBuffer.wrap(frame).position(header).put(BEFORE_SEQ);
        int seqAt = rest.position();
        for (int i = 0; i < DispatchFrame.SEQ_WIDTH; i++) {
            rest.put((byte) ' ');
        }
        rest.put(BEFORE_TYPE).put(type).put(BEFORE_DATA).put(data).put((byte) '}');
        return new DispatchFrame(frame, seqAt);
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

    private ByteBuffer data(Event event) {
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

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
