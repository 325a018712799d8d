package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.ClientFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway has to answer to bytes from a client, worked out anew from RFC 6455 and the gateway's documentation: a second
 * opinion that a fuzz test compares with. It reads all bytes at once and knows one JSON message, the heartbeat.
 */
final class RfcReader {
    static final String ACK = "acknowledged";
    static final String HEARTBEAT = "{\"op\":1,\"d\":null}";

    /** A close frame with two mistakes. */
    private static final String EITHER = "close 1002 or 1007";

    /** A message that it takes a JSON parser to judge; what follows depends on it. */
    private static final String UNSURE = "unsure";

    private static final int MAX = EmbeddedGateway.MAX_INBOUND_BYTES;

    private final ByteBuffer in;
    private final List<String> answers = new ArrayList<>();
    private @Nullable ByteArrayOutputStream message;
    private boolean messageIsText;
    private boolean over;

    private RfcReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    /** Whether the gateway's answers are what it has to answer to these bytes. */
    static boolean agrees(List<String> answers, byte[] bytes) {
        List<String> expected = answersTo(bytes);
        String last = expected.isEmpty() ? "" : expected.getLast();
        int sure = expected.size() - 1;
        if (last.equals(UNSURE)) {
            return answers.size() >= sure && answers.subList(0, sure).equals(expected.subList(0, sure));
        }
        if (last.equals(EITHER)) {
            return answers.size() == sure + 1
                    && answers.subList(0, sure).equals(expected.subList(0, sure))
                    && (answers.getLast().equals("close 1002")
                            || answers.getLast().equals("close 1007"));
        }
        return answers.equals(expected);
    }

    /** The answers in their order: {@link #ACK}, {@code pong} with its payload in hex, {@code close} with its code. */
    static List<String> answersTo(byte[] bytes) {
        RfcReader reader = new RfcReader(bytes);
        while (!reader.over && reader.in.remaining() >= 2) {
            reader.frame();
        }
        return reader.answers;
    }

    /** What a frame of the gateway is called in the list of answers. */
    static String name(ServerFrames.Frame sent) {
        return switch (sent.opcode()) {
            case ClientFrame.CLOSE -> "close " + sent.closeCode();
            case ClientFrame.PONG -> pong(sent.payload());
            default -> sent.text().contains("\"op\":11,") ? ACK : sent.text();
        };
    }

    private void frame() {
        int first = in.get() & 0xFF;
        int second = in.get() & 0xFF;
        int opcode = first & 0x0F;
        boolean isFinal = (first & 0x80) != 0;
        boolean isControl = opcode >= 8;
        int shortLength = second & 0x7F;
        boolean isWrong = (first & 0x70) != 0
                || (second & 0x80) == 0
                || (isControl ? !isFinal || shortLength > 125 || opcode > 10 : opcode > 2)
                || (opcode == 8 && shortLength == 1)
                || (!isControl && (opcode == 0) == (message == null));
        if (isWrong) {
            close(1002);
            return;
        }
        int more = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
        if (in.remaining() < more) {
            over = true;
            return;
        }
        long length = more == 0 ? shortLength : more == 2 ? in.getShort() & 0xFFFF : in.getLong();
        if ((more == 2 && length < 126) || (more == 8 && length < 65_536)) {
            close(1002);
        } else if (length > MAX) {
            close(4002);
        } else if (in.remaining() < 4 + length) {
            over = true;
        } else {
            payload(opcode, isFinal, unmasked((int) length));
        }
    }

    private byte[] unmasked(int length) {
        byte[] mask = new byte[4];
        in.get(mask);
        byte[] payload = new byte[length];
        in.get(payload);
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (payload[i] ^ mask[i & 3]);
        }
        return payload;
    }

    private void payload(int opcode, boolean isFinal, byte[] payload) {
        switch (opcode) {
            case ClientFrame.PING -> answers.add(pong(payload));
            case ClientFrame.PONG -> {}
            case ClientFrame.CLOSE -> goodbye(payload);
            default -> {
                if (opcode != ClientFrame.CONTINUATION) {
                    messageIsText = opcode == ClientFrame.TEXT;
                    message = new ByteArrayOutputStream();
                }
                fragment(isFinal, payload);
            }
        }
    }

    private void fragment(boolean isFinal, byte[] payload) {
        ByteArrayOutputStream present = Objects.requireNonNull(message);
        present.writeBytes(payload);
        if (present.size() > MAX) {
            close(4002);
        } else if (isFinal) {
            message = null;
            whole(present.toByteArray());
        }
    }

    private void whole(byte[] content) {
        if (!messageIsText) {
            close(4002);
            return;
        }
        String text = text(content, 0);
        if (text == null) {
            close(1007);
        } else if (text.replaceAll("^ +| +$", "").equals(HEARTBEAT)) {
            answers.add(ACK);
        } else if (text.contains("{")) {
            answers.add(UNSURE);
            over = true;
        } else {
            close(4002);
        }
    }

    private void goodbye(byte[] payload) {
        if (payload.length == 0) {
            close(0);
            return;
        }
        int code = ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        boolean mayBeSent =
                (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
        boolean isText = text(payload, 2) != null;
        if (mayBeSent) {
            close(isText ? code : 1007);
        } else if (isText) {
            close(1002);
        } else {
            answers.add(EITHER);
            over = true;
        }
    }

    private void close(int code) {
        answers.add("close " + code);
        over = true;
    }

    private static @Nullable String text(byte[] bytes, int from) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String pong(byte[] payload) {
        return "pong " + HexFormat.of().formatHex(payload);
    }
}
