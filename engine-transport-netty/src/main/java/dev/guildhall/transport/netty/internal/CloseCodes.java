package dev.guildhall.transport.netty.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.transport.netty.GatewayCloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How the reasons of the engine look on the wire, and those of clients to the engine. */
final class CloseCodes {
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;

    /** A close frame carries 125 bytes at most, two of them the code. */
    static final int MAX_REASON_BYTES = 123;

    private static final int CODE_BYTES = 2;
    private static final int LAST_DEFINED = 4999;

    private CloseCodes() {}

    /** The code for a session that the engine ended. */
    static int of(CloseReason.Kind kind) {
        return switch (kind) {
            case REQUESTED, CLIENT_LEFT -> NORMAL;
            case ENGINE_CLOSED -> GOING_AWAY;
            case SLOW_CONSUMER, OVER_BUDGET, CONNECTION_LOST, REPLACED -> GatewayCloseCode.UNKNOWN_ERROR.code();
            case COMMAND_OVERFLOW -> GatewayCloseCode.RATE_LIMITED.code();
            case RESUME_EXPIRED, RESUME_FAILED -> GatewayCloseCode.SESSION_TIMED_OUT.code();
            case PROTOCOL_ERROR -> GatewayCloseCode.DECODE_ERROR.code();
            case TIMED_OUT -> GatewayCloseCode.SESSION_TIMED_OUT.code();
        };
    }

    /** The reason for a client that this side closes because of what it did or did not. */
    static CloseReason reasonOf(GatewayCloseCode code, String text) {
        CloseReason.Kind kind = code == GatewayCloseCode.SESSION_TIMED_OUT
                ? CloseReason.Kind.TIMED_OUT
                : CloseReason.Kind.PROTOCOL_ERROR;
        return new CloseReason(kind, text);
    }

    /** The reason for a client that said goodbye. Only 1000 and 1001 mean that it will not come back for its session. */
    static CloseReason reasonOfClient(int code) {
        if (code == NORMAL || code == GOING_AWAY) {
            return CloseReason.CLIENT_LEFT;
        }
        return new CloseReason(
                CloseReason.Kind.CONNECTION_LOST,
                code < 0 ? "the client closed without a code" : "the client closed with code " + code);
    }

    /**
     * Whether a client may send this code, as far as Netty's decoder does not know.
     *
     * @param code negative if there was none
     */
    static boolean mayBeSent(int code) {
        return code <= LAST_DEFINED;
    }

    /** Whether what follows the code in a close frame is UTF-8 to its end. */
    static boolean hasReasonInUtf8(ByteBuf closeBody) {
        int length = closeBody.readableBytes() - CODE_BYTES;
        return length <= 0
                || ByteBufUtil.isText(closeBody, closeBody.readerIndex() + CODE_BYTES, length, StandardCharsets.UTF_8);
    }

    /** A close frame with as much of the text as fits into one. */
    static byte[] frame(int code, String text) {
        ByteBuffer payload = ByteBuffer.allocate(CODE_BYTES + MAX_REASON_BYTES).putShort((short) code);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), payload, true);
        return ServerFrame.of(ServerFrame.CLOSE, Arrays.copyOf(payload.array(), payload.position()));
    }
}
