package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;
import dev.guildhall.spi.Encoding;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Makes of a dispatch the part of a server-sent event that all its receivers share, {@code data:} with the JSON message, as a chunk of an
 * HTTP/1.1 body. One instance per gateway.
 */
final class EventStreamEncoding implements Encoding<DispatchFrame> {
    private static final byte[] BEFORE_DATA = ascii("data: ");
    private static final byte[] AFTER_DATA = ascii("\n\n");
    private static final byte[] CHUNK_END = ascii("\r\n");

    private final DispatchEncoding json;

    /**
     * @param json of JSON
     */
    EventStreamEncoding(DispatchEncoding json) {
        this.json = json;
    }

    @Override
    public DispatchFrame encode(Event event) {
        DispatchFrame frame = json.encode(event);
        byte[] bytes = frame.bytes();
        int length = BEFORE_DATA.length + frame.messageLength() + AFTER_DATA.length;
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(length + 16);
        chunk.writeBytes(chunkHead(length));
        chunk.writeBytes(BEFORE_DATA);
        int seqAt = chunk.size() + MessageEncoding.JSON.seqAt();
        for (int i = frame.messageAt(); i < bytes.length; i++) {
            // An end of line would end the data; in JSON it is nothing but space.
            chunk.write(bytes[i] == '\n' || bytes[i] == '\r' ? ' ' : bytes[i]);
        }
        chunk.writeBytes(AFTER_DATA);
        chunk.writeBytes(CHUNK_END);
        return new DispatchFrame(MessageEncoding.JSON, chunk.toByteArray(), seqAt);
    }

    /** The part before, which is the receiver's own: the event's id. */
    static DispatchFrame idOf(String sessionId) {
        String before = "id: " + sessionId + EventId.SEPARATOR;
        String id = before + "0".repeat(DispatchFrame.SEQ_WIDTH) + "\n";
        byte[] chunk = chunk(id);
        return new DispatchFrame(
                MessageEncoding.JSON, chunk, chunk.length - CHUNK_END.length - id.length() + before.length());
    }

    /** ASCII or not, as a chunk. */
    static byte[] chunk(String text) {
        return chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] chunk(byte[] text) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(text.length + 16);
        chunk.writeBytes(chunkHead(text.length));
        chunk.writeBytes(text);
        chunk.writeBytes(CHUNK_END);
        return chunk.toByteArray();
    }

    private static byte[] chunkHead(int length) {
        return ascii(Integer.toHexString(length) + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
