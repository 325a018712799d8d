package dev.guildhall.transport.netty.internal;

import static dev.guildhall.transport.netty.ClientFrame.CONTINUATION;
import static dev.guildhall.transport.netty.ClientFrame.FINAL;
import static dev.guildhall.transport.netty.ClientFrame.PING;
import static dev.guildhall.transport.netty.ClientFrame.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.ClientFrame;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text is UTF-8: RFC 6455, sections 5.6 and 8.1, with the boundaries of RFC 3629. */
class RfcUtf8Test extends RfcTest {
    private static final byte[] START = utf8("{\"op\":" + EmbeddedGateway.KEEP + ",\"d\":\"");
    private static final byte[] END = utf8("\"}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f", // the last of one byte
                "c2 80", // the first of two
                "df bf",
                "e0 a0 80", // the first of three
                "ed 9f bf", // the last before the surrogates
                "ee 80 80", // the first after them
                "ef bf bd",
                "ef bf be", // no character, yet a code point
                "ef bf bf",
                "f0 90 80 80", // the first of four
                "f0 9f 98 80",
                "f4 8f bf bf", // the last of all
                "ce ba e1 bd b9 cf 83 ce bc ce b5", // Greek
                "e2 82 ac f0 90 8d 88 c3 a9"
            })
    void validTextIsReadHoweverItIsCut(String hex) {
        byte[] content = bytes(hex);
        String text = new String(content, StandardCharsets.UTF_8);
        byte[] message = ClientFrame.concat(START, content, END);

        client.send(ClientFrame.of(FINAL | TEXT, message));
        isKept(text);
        client.sendChopped(ClientFrame.of(FINAL | TEXT, message), 1);
        isKept(text);
        for (int cut = START.length; cut <= START.length + content.length; cut++) {
            sendCutAt(message, cut);
            isKept(text);
        }
        for (int i = 0; i < message.length; i++) {
            client.send(ClientFrame.of(
                    (i == 0 ? TEXT : CONTINUATION) | (i == message.length - 1 ? FINAL : 0),
                    Arrays.copyOfRange(message, i, i + 1)));
        }
        isKept(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // a continuation byte alone
                "bf",
                "80 bf 80",
                "c3 28", // a lead byte without its continuation
                "c3",
                "e2 82",
                "e2 28 a1",
                "f0 9f 98",
                "c0 80", // longer than need be
                "c0 af",
                "c1 bf",
                "e0 80 af",
                "e0 9f bf",
                "f0 80 80 af",
                "f0 8f bf bf",
                "f8 88 80 80 80", // five and six bytes
                "fc 84 80 80 80 80",
                "ed a0 80", // surrogates
                "ed af bf",
                "ed b0 80",
                "ed bf bf",
                "ed a0 bd ed b8 80", // a pair of them
                "f4 90 80 80", // beyond the last code point
                "f7 bf bf bf",
                "fe",
                "ff",
                "ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65"
            })
    void invalidTextIsRefusedHoweverItIsCut(String hex) {
        byte[] content = bytes(hex);
        byte[] message = ClientFrame.concat(START, content, END);

        isRefused(ClientFrame.of(FINAL | TEXT, message));
        for (int cut = START.length; cut <= START.length + content.length; cut++) {
            EmbeddedClient other = gateway.joined("other");
            other.send(ClientFrame.of(TEXT, Arrays.copyOf(message, cut)));
            other.send(ClientFrame.of(FINAL | PING, new byte[0]));
            other.send(ClientFrame.of(FINAL | CONTINUATION, Arrays.copyOfRange(message, cut, message.length)));
            ServerFrames.Frame answer = other.next();
            if (!answer.isClose()) { // to the ping: what was wrong lay behind the cut
                answer = other.next();
            }
            assertThat(answer.closeCode()).isEqualTo(INVALID_PAYLOAD);
            other.vanish();
        }
        assertThat(gateway.kept()).isEmpty();
    }

    @Test
    void aMessageMayNotEndWithinACharacter() {
        client.send(ClientFrame.of(FINAL | TEXT, ClientFrame.concat(START, bytes("f0 9f 98"))));
        isClosedWith(INVALID_PAYLOAD);
    }

    /** The RFC lets a server say so earlier; this one looks at a message when it is whole. */
    @Test
    void whatIsWrongInAFragmentIsSaidAtTheEnd() {
        client.send(ClientFrame.of(TEXT, ClientFrame.concat(START, bytes("ed a0 80"))));
        client.isLeftAlone();
        client.send(ClientFrame.of(FINAL | CONTINUATION, END));
        isClosedWith(INVALID_PAYLOAD);
    }

    @Test
    void aMessageAfterAGoodOneIsLookedAtAfresh() {
        client.text(keep("é"));
        isKept("é");
        client.send(ClientFrame.of(FINAL | PING, bytes("ff fe"))); // a ping may hold anything
        assertThat(client.next().payload()).isEqualTo(bytes("ff fe"));
        client.send(ClientFrame.of(FINAL | TEXT, bytes("ff")));
        isClosedWith(INVALID_PAYLOAD);
    }

    /** Parsers of JSON guess these from the first bytes; a text message has one encoding only. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void otherEncodingsAreNotGuessed(String charset) {
        client.send(ClientFrame.of(FINAL | TEXT, HEARTBEAT.getBytes(Charset.forName(charset))));
        isClosedWith(DECODE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ufeff" + HEARTBEAT, "\u0000" + HEARTBEAT})
    void nothingStandsBeforeTheObject(String text) {
        client.text(text);
        isClosedWith(DECODE_ERROR);
    }

    private void isRefused(byte[] frame) {
        client.send(frame);
        isClosedWith(INVALID_PAYLOAD);
    }

    private void sendCutAt(byte[] message, int cut) {
        client.send(ClientFrame.of(TEXT, Arrays.copyOf(message, cut)));
        client.send(ClientFrame.of(FINAL | CONTINUATION, Arrays.copyOfRange(message, cut, message.length)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }
}
