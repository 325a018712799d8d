package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.ClientFrame;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the gateway sent after its upgrade response; whatever it answers, its own frames keep to the RFC. */
final class ServerFrames {
    private ServerFrames() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int opcode, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        boolean isClose() {
            return opcode == ClientFrame.CLOSE;
        }

        /** The close frame's code, 0 if it has none. */
        int closeCode() {
            assertThat(opcode).isEqualTo(ClientFrame.CLOSE);
            return payload.length == 0 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }

        @Override
        public String toString() {
            return isClose() ? "close " + closeCode() : opcode + ":" + text();
        }
    }

    /** Whole frames, unfragmented, without mask or reserved bits, of minimal length; none after the close frame. */
    static List<Frame> parse(byte[] sent) {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(sent);
        while (rest.hasRemaining()) {
            assertThat(frames).as("frames before the last one").noneMatch(Frame::isClose);
            int first = rest.get() & 0xFF;
            assertThat(first).isIn(0x81, 0x88, 0x8A);
            long length = rest.get() & 0xFF;
            if (length == 126) {
                length = rest.getShort() & 0xFFFF;
                assertThat(length).isGreaterThan(125);
            } else if (length == 127) {
                length = rest.getLong();
                assertThat(length).isGreaterThan(0xFFFF);
            }
            byte[] payload = new byte[Math.toIntExact(length)];
            rest.get(payload);
            assertThat(first == 0x81 && !isUtf8(payload))
                    .as("text that is not UTF-8")
                    .isFalse();
            assertThat(first > 0x87 && length > 125).as("a long control frame").isFalse();
            frames.add(new Frame(first & 0x0F, payload));
        }
        return frames;
    }

    private static boolean isUtf8(byte[] bytes) {
        return ByteBufUtil.isText(Unpooled.wrappedBuffer(bytes), StandardCharsets.UTF_8);
    }
}
