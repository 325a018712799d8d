package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ServerFrameTest {

    @Test
    void shortTextHasTwoBytesOfHeader() {
        assertThat(text("hi")).containsExactly(0x81, 2, 'h', 'i');
        assertThat(text("x".repeat(125))).hasSize(127).startsWith(0x81, 125);
    }

    @Test
    void longerTextHasA16BitLength() {
        assertThat(text("x".repeat(126))).hasSize(130).startsWith(0x81, 126, 0, 126, 'x');
        byte[] longest = text("x".repeat(65_535));
        assertThat(Arrays.copyOf(longest, 5)).containsExactly(0x81, 126, 0xFF, 0xFF, 'x');
    }

    @Test
    void longestTextHasA64BitLength() {
        byte[] frame = text("x".repeat(65_536));
        assertThat(frame).hasSize(65_546);
        assertThat(frame[1]).isEqualTo((byte) 127);
        assertThat(ByteBuffer.wrap(frame).getLong(2)).isEqualTo(65_536);
        assertThat(frame[10]).isEqualTo((byte) 'x');
    }

    @Test
    void lengthCountsBytesNotCharacters() {
        assertThat(text("é")).containsExactly(0x81, 2, 0xC3, 0xA9);
    }

    private static byte[] text(String text) {
        return ServerFrame.of(ServerFrame.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }
}
