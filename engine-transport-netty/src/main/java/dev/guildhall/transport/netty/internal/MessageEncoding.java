package dev.guildhall.transport.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How messages are written, which a client says with the query's {@code encoding}. A dispatch has four members, in this order: {@code s} in a
 * field whose width never changes, {@code op}, {@code t} and {@code d}.
 */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes the arrays
enum MessageEncoding {
    /** In text frames; {@code s} has ten places. */
    JSON(
            "json",
            ServerFrame.TEXT,
            DispatchFrame.SEQ_WIDTH,
            ' ',
            ascii("{\"s\":"),
            ascii(",\"op\":0,\"t\":"),
            ascii(",\"d\":"),
            ascii("}")) {
        @Override
        byte[] text(String value) {
            byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(value);
            return ByteBuffer.allocate(quoted.length + 2)
                    .put((byte) '"')
                    .put(quoted)
                    .put((byte) '"')
                    .array();
        }

        @Override
        ByteBuffer ofJson(ByteBuffer json) {
            return json;
        }

        // Right-aligned: JSON allows spaces before a number, but no zeros.
        @Override
        void putSeq(ByteBuffer batch, int at, long seq) {
            int place = at + seqWidth() - 1;
            long rest = seq;
            do {
                batch.put(place--, (byte) ('0' + rest % 10));
                rest /= 10;
            } while (rest != 0);
        }

        @Override
        boolean isIn(WebSocketFrame frame) {
            return frame instanceof TextWebSocketFrame;
        }

        @Override
        JsonNode read(ByteBuf message) {
            return STRICT.readTree(message.toString(StandardCharsets.UTF_8)); // of bytes it would guess the encoding
        }
    },

    /** In binary frames: a map of four, {@code s} an unsigned integer of eight bytes even where fewer would do. */
    CBOR(
            "cbor",
            ServerFrame.BINARY,
            Long.BYTES,
            '\0',
            hex("a4 61 73 1b"),
            hex("62 6f 70 00 61 74"),
            hex("61 64"),
            hex("")) {
        @Override
        byte[] text(String value) {
            return Cbor.text(value);
        }

        @Override
        ByteBuffer ofJson(ByteBuffer json) {
            return ByteBuffer.wrap(Cbor.ofJson(json));
        }

        @Override
        void putSeq(ByteBuffer batch, int at, long seq) {
            batch.putLong(at, seq);
        }

        @Override
        boolean isIn(WebSocketFrame frame) {
            return frame instanceof BinaryWebSocketFrame;
        }

        @Override
        JsonNode read(ByteBuf message) {
            return Cbor.read(message);
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(MessageEncoding.class);
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String word;
    private final int firstByte;
    private final int seqWidth;
    private final byte filler;
    private final byte[] beforeSeq;
    private final byte[] beforeType;
    private final byte[] beforeData;
    private final byte[] end;

    MessageEncoding(
            String word,
            int firstByte,
            int seqWidth,
            char filler,
            byte[] beforeSeq,
            byte[] beforeType,
            byte[] beforeData,
            byte[] end) {
        this.word = word;
        this.firstByte = firstByte;
        this.seqWidth = seqWidth;
        this.filler = (byte) filler;
        this.beforeSeq = beforeSeq;
        this.beforeType = beforeType;
        this.beforeData = beforeData;
        this.end = end;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    /** What the query says. */
    String word() {
        return word;
    }

    /** Of a frame with a whole message that is not compressed. */
    int firstByte() {
        return firstByte;
    }

    /** Bytes of a dispatch before its sequence number. */
    int seqAt() {
        return beforeSeq.length;
    }

    int seqWidth() {
        return seqWidth;
    }

    /** False if a library is missing. */
    boolean isServed() {
        if (this == JSON) {
            return true;
        }
        try {
            Cbor.requireLibrary();
            return true;
        } catch (LinkageError e) {
            LOG.debug("{} is not served: jackson-dataformat-cbor is not there", word, e);
            return false;
        }
    }

    /** What a client is told whose message cannot be read. */
    String complaint() {
        return this == JSON
                ? "a message is a JSON object; this is not valid JSON"
                : "a message is a CBOR map of JSON's values; this is not";
    }

    /** A string as a value. */
    abstract byte[] text(String value);

    /**
     * A value that is there as JSON.
     *
     * @throws JacksonException if it is not JSON and this is not JSON either
     */
    abstract ByteBuffer ofJson(ByteBuffer json);

    /** Puts a sequence number in its place. */
    abstract void putSeq(ByteBuffer batch, int at, long seq);

    /** Whether a client's message of this encoding is in such a frame. */
    abstract boolean isIn(WebSocketFrame frame);

    /**
     * Reads a client's message.
     *
     * @throws JacksonException if it is none
     */
    abstract JsonNode read(ByteBuf message);

    /** A whole dispatch, with nothing yet where the sequence number goes. */
    DispatchFrame dispatch(byte[] type, ByteBuffer data) {
        int length = beforeSeq.length
                + seqWidth
                + beforeType.length
                + type.length
                + beforeData.length
                + data.remaining()
                + end.length;
        int header = ServerFrame.headerLength(length);
        byte[] frame = new byte[header + length];
        ServerFrame.putHeader(frame, 0, firstByte, length);
        ByteBuffer rest = ByteBuffer.wrap(frame).position(header).put(beforeSeq);
        int seqAt = rest.position();
        for (int i = 0; i < seqWidth; i++) {
            rest.put(filler);
        }
        rest.put(beforeType).put(type).put(beforeData).put(data).put(end);
        return new DispatchFrame(this, frame, seqAt);
    }

    /** A message outside the sequence. */
    byte[] control(byte[] json) {
        return this == JSON ? json : ofJson(ByteBuffer.wrap(json)).array();
    }
}
