package dev.guildhall.transport.netty.internal;

import static dev.guildhall.transport.netty.ClientFrame.CLOSE;
import static dev.guildhall.transport.netty.ClientFrame.FINAL;
import static dev.guildhall.transport.netty.ClientFrame.PING;
import static dev.guildhall.transport.netty.ClientFrame.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.transport.netty.ClientFrame;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a connection ends: RFC 6455, sections 5.5.1, 7.1 and 7.4. */
class RfcCloseTest extends RfcTest {
    private static final byte[] NO_REASON = new byte[0];

    @Test
    void aCloseFrameWithoutACodeIsAnsweredWithoutOne() {
        client.send(ClientFrame.of(FINAL | CLOSE, NO_REASON));
        assertThat(client.closeCode()).isZero();
        assertThat(client.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4004, 4999
            })
    void aCloseFrameIsAnsweredWithItsCode(int code) {
        client.send(ClientFrame.close(code, NO_REASON));
        assertThat(client.closeCode()).isEqualTo(code);
        assertThat(client.isOpen()).isFalse();
        assertThat(gateway.sessions()).isZero();
    }

    /** Below 1000 nothing is used, above 4999 nothing is defined, and 1005, 1006 and 1015 are for what was not sent. */
    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32_767, 32_768, 64_536, 65_535})
    void aCodeThatMayNotBeSentIsAnError(int code) {
        client.send(ClientFrame.close(code, NO_REASON));
        isClosedWith(PROTOCOL_ERROR);
    }

    @Test
    void halfACodeIsAnError() {
        client.send(ClientFrame.of(FINAL | CLOSE, new byte[] {3}));
        isClosedWith(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 122, 123})
    void aReasonIsReadAndSentBack(int length) {
        client.send(ClientFrame.close(1000, utf8("r".repeat(length))));
        assertThat(client.closeCode()).isEqualTo(1000);
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aReasonAboveTheLimitIsAnError() {
        client.send(ClientFrame.close(1000, new byte[124]));
        isClosedWith(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ff", "c3 28", "ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80", "e2 82", "f4 90 80 80", "c0 af"})
    void aReasonThatIsNotUtf8IsAnError(String hex) {
        client.send(ClientFrame.close(1000, HexFormat.ofDelimiter(" ").parseHex(hex)));
        isClosedWith(INVALID_PAYLOAD);
    }

    @Test
    void aCloseFrameInPiecesIsAnswered() {
        client.sendChopped(ClientFrame.close(4321, utf8("adiós")), 1);
        assertThat(client.closeCode()).isEqualTo(4321);
    }

    @Test
    void whatComesAfterTheCloseFrameIsIgnored() {
        client.send(ClientFrame.concat(
                ClientFrame.close(1000, NO_REASON),
                ClientFrame.of(FINAL | PING, NO_REASON),
                ClientFrame.text(keep("late")),
                ClientFrame.close(1001, NO_REASON)));
        assertThat(client.closeCode()).isEqualTo(1000);
        assertThat(gateway.kept()).isEmpty();
    }

    @Test
    void aCloseFrameWithinAMessageEndsIt() {
        client.send(ClientFrame.of(TEXT, utf8("{\"op\":1")));
        client.send(ClientFrame.close(1001, NO_REASON));
        assertThat(client.closeCode()).isEqualTo(1001);
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void messagesBeforeTheCloseFrameCount() {
        client.send(ClientFrame.concat(ClientFrame.text(HEARTBEAT), ClientFrame.close(1000, NO_REASON)));
        isAcknowledged(client);
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 4002, 4999})
    void theAnswerToTheGatewaysCloseFrameIsTheEnd(int code) {
        client.text("nonsense");
        assertThat(client.closeCode()).isEqualTo(DECODE_ERROR);
        assertThat(client.isOpen()).isTrue();
        client.text(keep("late"));
        client.send(ClientFrame.close(code, NO_REASON));
        assertThat(client.isOpen()).isFalse();
        assertThat(client.poll()).isNull();
        assertThat(gateway.kept()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {TEXT, FINAL | PING, FINAL | CLOSE})
    void aLinkThatIsCutWithinAMessageIsLost(int firstByte) {
        byte[] frame = ClientFrame.of(firstByte, utf8("{\"op\":"));
        client.send(firstByte == TEXT ? frame : Arrays.copyOf(frame, frame.length - 1));
        client.vanish();
        assertThat(gateway.ended()).containsExactly(CloseReason.Kind.CONNECTION_LOST);
    }

    /** A client has to wait for the answer to its handshake (section 4.1); one that does not is served as if it had. */
    @ParameterizedTest
    @ValueSource(ints = {FINAL | TEXT, FINAL | PING, FINAL | CLOSE, 0xFF})
    void aFrameBehindTheRequestCountsAsOneBehindTheAnswer(int firstByte) {
        byte[] frame = ClientFrame.of(firstByte, new byte[] {3, -24});
        client.send(frame);
        EmbeddedClient hasty = gateway.connect();
        hasty.send(ClientFrame.concat(utf8(EmbeddedClient.UPGRADE), frame));
        assertThat(hasty.takeHead()).startsWith("HTTP/1.1 101 ");
        assertThat(hasty.next().text()).contains("\"op\":10");
        assertThat(RfcReader.name(hasty.next())).isEqualTo(RfcReader.name(client.next()));
        assertThat(hasty.isOpen()).isEqualTo(client.isOpen());
        hasty.vanish();
    }
}
