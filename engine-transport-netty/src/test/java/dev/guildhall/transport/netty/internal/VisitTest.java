package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.ClientFrame;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import dev.guildhall.transport.netty.GatewayStats.State;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a connection is counted, step by step, and what becomes of it when the gateway stops letting clients in. */
class VisitTest {
    private final EmbeddedGateway gateway = new EmbeddedGateway(1, 120);

    @AfterEach
    void nothingIsLeft() {
        gateway.close();
        assertThat(gateway.stats().open()).isZero();
        assertThat(gateway.stats().writePaths().values()).containsOnly(0);
    }

    private void assertStates(int handshaking, int open, int identified, int closing) {
        assertThat(gateway.stats().connections())
                .isEqualTo(Map.of(
                        State.HANDSHAKING, handshaking,
                        State.OPEN, open,
                        State.IDENTIFIED, identified,
                        State.CLOSING, closing));
    }

    @Test
    void aConnectionIsInOneStateAtATime() {
        EmbeddedClient client = gateway.connect();
        assertStates(1, 0, 0, 0);
        client.upgrade();
        assertStates(0, 1, 0, 0);
        client.text("{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}");
        assertStates(0, 0, 1, 0);
        client.text("{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}");
        assertStates(0, 0, 0, 1);
        client.vanish();
        assertStates(0, 0, 0, 0);
        assertThat(gateway.stats().closed()).isEqualTo(Map.of(4005, 1L));
        assertThat(gateway.stats().messagesReceived()).isEqualTo(2);
    }

    @Test
    void aCloseFrameWithoutACodeIsCountedAsWhatItIs() {
        EmbeddedClient client = gateway.upgraded();
        client.send(ClientFrame.of(0x88, new byte[0]));
        client.vanish();
        gateway.upgraded().vanish();
        assertThat(gateway.stats().closed()).isEqualTo(Map.of(1005, 1L, 1006, 1L));
    }

    @Test
    void timeIsUpOnlyForWhatIsNoWebSocket() {
        EmbeddedClient silent = gateway.connect();
        silent.advance(11);
        assertThat(silent.isOpen()).isFalse();
        assertThat(gateway.stats().refused(Refusal.TIMED_OUT)).isOne();
        EmbeddedClient client = gateway.joined("ann");
        client.advance(11);
        assertThat(client.isOpen()).isTrue();
        assertThat(gateway.stats().refused(Refusal.TIMED_OUT)).isOne();
    }

    @Test
    void whoIsUpgradedWhileTheDoorClosesIsAskedToLeaveAfterHello() {
        EmbeddedClient client = gateway.connect().whenSentTo(gateway::closeTheDoor);
        client.upgrade();
        assertThat(client.next().text()).contains("\"op\":7");
        client.isLeftAlone();
    }

    @Test
    void whoAsksWhenTheDoorIsClosedIsTurnedAway() {
        gateway.closeTheDoor();
        EmbeddedClient client = gateway.connect();
        client.send(EmbeddedClient.UPGRADE.getBytes(StandardCharsets.US_ASCII));
        assertThat(client.takeHead()).startsWith("HTTP/1.1 503 ");
        assertThat(client.isOpen()).isFalse();
        assertThat(gateway.stats().refused(Refusal.NOT_READY)).isOne();
    }
}
