package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.ClientFrame;
import dev.guildhall.transport.netty.NothingWrongLogged;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A client that keeps to RFC 6455, or does not, in one way per test. The gateway echoes nothing: what a text or binary message
 * would be echoed as is here whether it was understood, {@link EmbeddedGateway#KEEP} with its content, a heartbeat with its
 * acknowledgement. After each test a client that did nothing wrong is served, and no byte is left.
 */
@ExtendWith(NothingWrongLogged.Strict.class)
abstract class RfcTest {
    static final int PROTOCOL_ERROR = 1002;
    static final int INVALID_PAYLOAD = 1007;
    static final int DECODE_ERROR = 4002;
    static final int MESSAGES = 120;
    static final String HEARTBEAT = "{\"op\":1,\"d\":null}";

    final EmbeddedGateway gateway = new EmbeddedGateway(1, MESSAGES);
    final EmbeddedClient client = gateway.joined("client");

    @AfterEach
    void othersAreServedAndNothingIsLeft() {
        client.vanish();
        EmbeddedClient healthy = gateway.joined("healthy");
        healthy.text(HEARTBEAT);
        isAcknowledged(healthy);
        healthy.vanish();
        assertThat(gateway.sessions()).isZero();
        gateway.close();
    }

    static void isAcknowledged(EmbeddedClient client) {
        assertThat(client.next().text()).contains("\"op\":11");
    }

    /** The link is being ended with this code and nothing else; what the client sends afterwards changes nothing. */
    void isClosedWith(int code) {
        assertThat(client.closeCode()).isEqualTo(code);
        client.text(HEARTBEAT);
        client.send(ClientFrame.of(ClientFrame.FINAL | ClientFrame.PING, new byte[0]));
        assertThat(client.poll()).isNull();
        client.advance(2);
        assertThat(client.isOpen()).isFalse();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A message that the application keeps. */
    static String keep(String text) {
        return "{\"op\":" + EmbeddedGateway.KEEP + ",\"d\":\"" + text + "\"}";
    }

    void isKept(String text) {
        client.isLeftAlone();
        assertThat(gateway.kept()).containsExactly("\"" + text + "\"");
    }
}
