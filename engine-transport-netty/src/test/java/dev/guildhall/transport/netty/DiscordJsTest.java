package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The npm package {@code @discordjs/ws} as it is: it is cut off and comes back, is told to come back by opcode 7, and by opcode 9 that its
 * session is over.
 */
@Timeout(300)
class DiscordJsTest {
    private int published;

    @ParameterizedTest
    @ValueSource(strings = {"none", "zlib-stream"})
    void missesNothing(String compression) throws Exception {
        try (Relay relay = new Relay();
                TestGateway gateway = TestGateway.open(b -> b.gatewayUrl(relay.url())
                        .heartbeatInterval(Duration.ofHours(1)) // so that there is none but on request
                        .sessionOptions(SessionOptions.DEFAULT));
                NodeScript client =
                        NodeScript.start("discordjs.cjs", relay.url().toString(), "user:ann", compression)) {
            relay.leadTo(gateway.port());
            String first = begun(client);
            GatewaySession session = gateway.nextReady();
            publish(gateway);
            assertThat(client.next()).isEqualTo("EVENT 1");

            long received = gateway.transport().stats().messagesReceived();
            session.requestHeartbeat();
            while (gateway.transport().stats().messagesReceived() == received) {
                Thread.onSpinWait(); // it answers at once; ends by the class's time limit
            }

            relay.hold();
            relay.cut();
            publish(gateway);
            publish(gateway);
            relay.leadTo(gateway.port());
            comesBackWith(client, "EVENT 2", "EVENT 3");

            relay.hold();
            session.reconnect();
            publish(gateway);
            publish(gateway);
            relay.leadTo(gateway.port());
            comesBackWith(client, "EVENT 4", "EVENT 5");

            relay.hold();
            relay.cut();
            session.session().close(new CloseReason(CloseReason.Kind.REQUESTED, "the test ends it"));
            assertThat(gateway.nextEnded().user()).isEqualTo("ann");
            relay.leadTo(gateway.port());
            assertThat(begun(client)).isNotEqualTo(first);
            gateway.nextReady();
            publish(gateway);
            assertThat(client.next()).isEqualTo("EVENT 6");
        }
    }

    private void publish(TestGateway gateway) {
        gateway.guild().publish(Event.of("MESSAGE_CREATE", "{\"n\":" + ++published + "}"));
    }

    /** The client is let in; answers its session. */
    private static String begun(NodeScript client) throws InterruptedException {
        String line = Objects.requireNonNull(client.next());
        assertThat(line).startsWith("READY ");
        return line;
    }

    /** RESUMED stands after what the session's lane had walked by then, and so before, between or after the events. */
    private static void comesBackWith(NodeScript client, String... events) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i <= events.length; i++) {
            lines.add(Objects.requireNonNull(client.next()));
        }
        assertThat(lines.remove("RESUMED")).as("resumed, %s", lines).isTrue();
        assertThat(lines).containsExactly(events);
    }
}
