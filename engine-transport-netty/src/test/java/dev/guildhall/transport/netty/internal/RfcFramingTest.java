package dev.guildhall.transport.netty.internal;

import static dev.guildhall.transport.netty.ClientFrame.BINARY;
import static dev.guildhall.transport.netty.ClientFrame.CONTINUATION;
import static dev.guildhall.transport.netty.ClientFrame.FINAL;
import static dev.guildhall.transport.netty.ClientFrame.PING;
import static dev.guildhall.transport.netty.ClientFrame.PONG;
import static dev.guildhall.transport.netty.ClientFrame.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.ClientFrame;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, pings and pongs, reserved bits and opcodes, fragments and limits: RFC 6455, sections 5.2 to 5.6 and 10.4. */
class RfcFramingTest extends RfcTest {
    private static final int TOO_LARGE = DECODE_ERROR;

    // --- messages of each size that a length is written in

    @ParameterizedTest
    @ValueSource(ints = {125, 126, 127, 128, 1000, 4090, EmbeddedGateway.MAX_INBOUND_BYTES})
    void textOfEachSizeIsRead(int size) {
        client.text(keep(filling(size)));
        isKept(filling(size));
    }

    @ParameterizedTest
    @ValueSource(ints = {EmbeddedGateway.MAX_INBOUND_BYTES + 1, 65_535, 65_536, 200_000})
    void textAboveTheLimitIsTooLarge(int size) {
        client.text(keep(filling(size)));
        isClosedWith(TOO_LARGE);
    }

    @Test
    void tooLargeIsSaidBeforeThePayloadCame() {
        client.send(ClientFrame.head(FINAL | TEXT, Long.MAX_VALUE, 0));
        isClosedWith(TOO_LARGE);
    }

    @Test
    void emptyTextIsNoMessage() {
        client.text("");
        isClosedWith(DECODE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 125, 126, 127, 128, EmbeddedGateway.MAX_INBOUND_BYTES, 65_535, 65_536})
    void binaryOfEachSizeIsRefused(int size) {
        client.send(ClientFrame.of(FINAL | BINARY, new byte[size]));
        isClosedWith(DECODE_ERROR);
    }

    @ParameterizedTest
    @CsvSource({"125, 1", "126, 1", "4096, 1", "4096, 997", "4096, 4095"})
    void textThatArrivesInPiecesIsRead(int size, int piece) {
        client.sendChopped(ClientFrame.text(keep(filling(size))), piece);
        isKept(filling(size));
    }

    @Test
    void manyMessagesInOnePieceAreReadInOrder() {
        client.send(ClientFrame.concat(
                ClientFrame.text(keep("a")), ClientFrame.text(keep("b")), ClientFrame.text(keep("c"))));
        assertThat(gateway.kept()).containsExactly("\"a\"", "\"b\"", "\"c\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01020304, 0xFFFFFFFF, 0x00FF00FF})
    void theMaskIsTakenOff(int mask) {
        client.send(ClientFrame.of(FINAL | TEXT, utf8(keep("masked")), mask));
        isKept("masked");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 02 7b 7d", // text without a mask
                "81 00",
                "89 00",
                "88 02 03 e8"
            })
    void aFrameWithoutAMaskIsAnError(String hex) {
        client.send(bytes(hex));
        isClosedWith(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 fe 00 02 00 00 00 00 7b 7d", // 2 written with 16 bits
                "81 fe 00 7d 00 00 00 00", // 125 written with 16 bits
                "81 ff 00 00 00 00 00 00 00 02 00 00 00 00 7b 7d", // 2 written with 64 bits
                "81 ff 00 00 00 00 00 00 ff ff 00 00 00 00", // 65,535 written with 64 bits
                "81 ff 80 00 00 00 00 00 00 00 00 00 00 00", // the highest bit set
                "81 ff ff ff ff ff ff ff ff ff 00 00 00 00"
            })
    void aLengthThatIsWrittenWronglyIsAnError(String hex) {
        client.send(bytes(hex));
        isClosedWith(PROTOCOL_ERROR);
    }

    // --- pings and pongs

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125})
    void aPingIsAnsweredWithItsPayload(int size) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) 0xFE);
        client.send(ClientFrame.of(FINAL | PING, payload, 0x31323334));
        ServerFrames.Frame pong = client.next();
        assertThat(pong.opcode()).isEqualTo(PONG);
        assertThat(pong.payload()).isEqualTo(payload);
        client.isLeftAlone();
    }

    @Test
    void aPingInPiecesIsAnswered() {
        client.sendChopped(ClientFrame.of(FINAL | PING, utf8("slowly")), 1);
        assertThat(client.next().text()).isEqualTo("slowly");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x89, 0x8A, 0x88})
    void aControlFrameAbove125BytesIsAnError(int firstByte) {
        client.send(ClientFrame.of(firstByte, new byte[126]));
        isClosedWith(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125})
    void aPongThatNobodyAskedForIsIgnored(int size) {
        client.send(ClientFrame.of(FINAL | PONG, new byte[size]));
        client.isLeftAlone();
        client.send(ClientFrame.of(FINAL | PING, utf8("ping")));
        assertThat(client.next().text()).isEqualTo("ping");
        client.isLeftAlone();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void manyPingsAreAnsweredInOrder(int piece) {
        byte[] pings = new byte[0];
        for (int i = 0; i < 20; i++) {
            pings = ClientFrame.concat(pings, ClientFrame.of(FINAL | PING, utf8("ping " + i)));
        }
        client.sendChopped(pings, piece);
        for (int i = 0; i < 20; i++) {
            assertThat(client.next().text()).isEqualTo("ping " + i);
        }
        client.isLeftAlone();
    }

    @Test
    void pingsCountAsMessages() {
        for (int i = 1; i < MESSAGES; i++) { // the identify was the first
            client.send(ClientFrame.of(FINAL | PING, new byte[0]));
            assertThat(client.next().opcode()).isEqualTo(PONG);
        }
        client.send(ClientFrame.of(FINAL | PING, new byte[0]));
        isClosedWith(4008);
    }

    // --- reserved bits and opcodes

    static IntStream reservedBits() {
        return IntStream.range(1, 8).map(bits -> bits << 4);
    }

    @ParameterizedTest
    @MethodSource("reservedBits")
    void reservedBitsAreAnErrorSinceNoExtensionWasAgreed(int bits) {
        client.send(ClientFrame.concat(
                ClientFrame.text(keep("before")),
                ClientFrame.of(FINAL | bits | TEXT, utf8(keep("wrong"))),
                ClientFrame.of(FINAL | PING, new byte[0])));
        assertThat(gateway.kept()).isSubsetOf("\"before\"");
        isClosedWith(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @MethodSource("reservedBits")
    void reservedBitsOfControlFramesAreAnErrorToo(int bits) {
        client.sendChopped(ClientFrame.of(FINAL | bits | PING, utf8("x")), 1);
        isClosedWith(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void reservedOpcodesAreAnError(int opcode) {
        client.send(ClientFrame.concat(ClientFrame.text(HEARTBEAT), ClientFrame.of(FINAL | opcode, utf8("x"))));
        isAcknowledged(client);
        isClosedWith(PROTOCOL_ERROR);
    }

    // --- fragments

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 1000, 4095})
    void aMessageInFragmentsIsRead(int size) {
        for (byte[] fragment : fragments(utf8(keep(filling(4096))), size)) {
            client.send(fragment);
        }
        isKept(filling(4096));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50})
    void pingsBetweenFragmentsAreAnsweredAtOnce(int piece) {
        byte[][] fragments = fragments(utf8(keep("fragmented")), 10);
        for (int i = 0; i < fragments.length; i++) {
            client.sendChopped(fragments[i], piece);
            client.sendChopped(ClientFrame.of(FINAL | PING, utf8("ping " + i)), piece);
            client.sendChopped(ClientFrame.of(FINAL | PONG, new byte[0]), piece);
            assertThat(client.next().text()).isEqualTo("ping " + i);
        }
        isKept("fragmented");
    }

    @Test
    void emptyFragmentsAreFragments() {
        client.send(ClientFrame.of(TEXT, new byte[0]));
        client.send(ClientFrame.of(CONTINUATION, new byte[0]));
        client.send(ClientFrame.of(CONTINUATION, utf8(keep("late"))));
        client.isLeftAlone();
        client.send(ClientFrame.of(FINAL | CONTINUATION, new byte[0]));
        isKept("late");
    }

    @Test
    void threeEmptyFragmentsAreAnEmptyMessage() {
        client.send(ClientFrame.concat(
                ClientFrame.of(TEXT, new byte[0]),
                ClientFrame.of(CONTINUATION, new byte[0]),
                ClientFrame.of(FINAL | CONTINUATION, new byte[0])));
        isClosedWith(DECODE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void aControlFrameIsNotFragmented(int opcode) {
        client.send(ClientFrame.of(opcode, utf8("frag")));
        isClosedWith(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {CONTINUATION, FINAL | CONTINUATION})
    void aContinuationOfNothingIsAnError(int firstByte) {
        client.send(ClientFrame.of(firstByte, utf8(HEARTBEAT)));
        isClosedWith(PROTOCOL_ERROR);
    }

    @Test
    void aContinuationAfterTheLastFragmentIsAnError() {
        for (byte[] fragment : fragments(utf8(HEARTBEAT), 5)) {
            client.send(fragment);
        }
        isAcknowledged(client);
        client.send(ClientFrame.of(FINAL | CONTINUATION, utf8("more")));
        isClosedWith(PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {TEXT, BINARY, FINAL | TEXT, FINAL | BINARY})
    void aNewMessageWithinAFragmentedOneIsAnError(int firstByte) {
        client.send(ClientFrame.of(TEXT, utf8("{\"op\":")));
        client.send(ClientFrame.of(firstByte, utf8("1}")));
        isClosedWith(PROTOCOL_ERROR);
    }

    @Test
    void binaryFragmentsAreRefused() {
        client.send(ClientFrame.of(BINARY, new byte[10]));
        client.send(ClientFrame.of(FINAL | CONTINUATION, new byte[10]));
        isClosedWith(DECODE_ERROR);
    }

    @Test
    void aClientThatVanishesWithinAMessageLeavesNothing() {
        client.send(ClientFrame.of(TEXT, utf8("{\"op\":")));
        client.send(ClientFrame.head(CONTINUATION, 100, 0));
        client.isLeftAlone();
    }

    // --- the limit, however the message is cut

    @ParameterizedTest
    @ValueSource(ints = {64, 256, 1024, 4096})
    void fragmentsTogetherAreBounded(int size) {
        for (byte[] fragment : fragments(utf8(keep(filling(65_536))), size)) {
            client.send(fragment);
        }
        isClosedWith(TOO_LARGE);
    }

    @Test
    void theLastByteAboveTheLimitIsTooMuch() {
        byte[] message = utf8(keep(filling(EmbeddedGateway.MAX_INBOUND_BYTES + 1)));
        byte[][] fragments = fragments(message, EmbeddedGateway.MAX_INBOUND_BYTES);
        client.send(fragments[0]);
        client.isLeftAlone();
        client.send(fragments[1]);
        isClosedWith(TOO_LARGE);
    }

    /** As much text as makes a {@link #keep} message of this size. */
    private static String filling(int size) {
        return "*".repeat(size - keep("").length());
    }

    private static byte[][] fragments(byte[] message, int size) {
        int count = (message.length + size - 1) / size;
        return IntStream.range(0, count)
                .mapToObj(i -> ClientFrame.of(
                        (i == 0 ? TEXT : CONTINUATION) | (i == count - 1 ? FINAL : 0),
                        Arrays.copyOfRange(message, i * size, Math.min(message.length, (i + 1) * size))))
                .toArray(byte[][]::new);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }
}
