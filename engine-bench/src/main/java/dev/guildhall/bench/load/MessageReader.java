package dev.guildhall.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Finds out what a message is: its opcode, and of a dispatch its number, its type and the time in it. A dispatch that begins as
 * Guildhall writes it, with {@code s}, {@code op} and {@code t}, is read without a parser, since that is most of what a client does; any
 * other goes through Jackson's, which costs some hundred nanoseconds more. One for each event loop; what was found is there until the
 * next message.
 */
final class MessageReader {
    static final int DISPATCH = 0;
    static final long NO_NUMBER = -1;

    private static final byte[] NUMBER = ascii("{\"s\":");
    private static final byte[] TYPE = ascii(",\"op\":0,\"t\":\"");
    private static final String READY = "READY";
    private static final String RESUMED = "RESUMED";
    private static final int BASE = 10;

    /** What a dispatch means to the protocol. */
    enum Kind {
        EVENT,
        READY,
        RESUMED,
        NO_DISPATCH
    }

    private final JsonFactory json = new JsonFactory();
    private final Stamp stamp;
    private final @Nullable String measuredType;
    private final byte[] measured;
    private final byte[] ready = ascii(READY);
    private final byte[] resumed = ascii(RESUMED);

    private int op;
    private long number;
    private Kind kind = Kind.NO_DISPATCH;
    private long time;

    /**
     * @param measuredType of the dispatches in which to look for a time, or null for all
     */
    MessageReader(Stamp stamp, @Nullable String measuredType) {
        this.stamp = stamp;
        this.measuredType = measuredType;
        this.measured = measuredType == null ? new byte[0] : ascii(measuredType);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    int op() {
        return op;
    }

    /** Of a dispatch, or {@link #NO_NUMBER}. */
    long number() {
        return number;
    }

    Kind kind() {
        return kind;
    }

    /** When the publish was due, or {@link Stamp#NONE}. */
    long time() {
        return time;
    }

    /**
     * @throws JacksonException if it is no JSON
     */
    void read(byte[] message, int length) {
        if (!readAtOnce(message, length)) {
            parse(message, length);
        }
    }

    private boolean readAtOnce(byte[] message, int length) {
        if (!startsWith(message, 0, length, NUMBER)) {
            return false;
        }
        int at = NUMBER.length;
        while (at < length && message[at] == ' ') {
            at++;
        }
        long digits = 0;
        int begin = at;
        while (at < length && message[at] >= '0' && message[at] <= '9') {
            digits = digits * BASE + message[at++] - '0';
        }
        if (at == begin || !startsWith(message, at, length, TYPE)) {
            return false;
        }
        int type = at + TYPE.length;
        int end = type;
        while (end < length && message[end] != '"') {
            end++;
        }
        op = DISPATCH;
        number = digits;
        kind = isType(message, type, end, ready)
                ? Kind.READY
                : isType(message, type, end, resumed) ? Kind.RESUMED : Kind.EVENT;
        boolean looked = kind == Kind.EVENT && (measuredType == null || isType(message, type, end, measured));
        time = looked ? stamp.find(message, end, length) : Stamp.NONE;
        return true;
    }

    private static boolean startsWith(byte[] message, int at, int length, byte[] start) {
        return at + start.length <= length && Arrays.equals(message, at, at + start.length, start, 0, start.length);
    }

    private static boolean isType(byte[] message, int from, int to, byte[] type) {
        return Arrays.equals(message, from, to, type, 0, type.length);
    }

    private void parse(byte[] message, int length) {
        op = -1;
        number = NO_NUMBER;
        String type = "";
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), message, 0, length)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("op") && value == JsonToken.VALUE_NUMBER_INT) {
                    op = parser.getIntValue();
                } else if (name.equals("s") && value == JsonToken.VALUE_NUMBER_INT) {
                    number = parser.getLongValue();
                } else if (name.equals("t") && value == JsonToken.VALUE_STRING) {
                    type = parser.getString();
                } else {
                    parser.skipChildren();
                }
            }
        }
        kind = op != DISPATCH
                ? Kind.NO_DISPATCH
                : type.equals(READY) ? Kind.READY : type.equals(RESUMED) ? Kind.RESUMED : Kind.EVENT;
        boolean looked = kind == Kind.EVENT && (measuredType == null || type.equals(measuredType));
        time = looked ? stamp.find(message, 0, length) : Stamp.NONE;
    }
}
