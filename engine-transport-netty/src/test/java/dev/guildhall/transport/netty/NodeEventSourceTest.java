package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library {@code eventsource} as it is, which comes back by itself as browsers do. */
@Timeout(300)
class NodeEventSourceTest {

    @Test
    void itComesBackWithTheLastEventsIdUntilItIsTold() throws Exception {
        EventStreamOptions options = EventStreamOptions.ON
                .withTokenInQuery(true)
                .withRetry(Duration.ofSeconds(2)); // time enough to publish while it is away;
        try (TestGateway gateway =
                        TestGateway.open(b -> b.eventStreams(options).sessionOptions(SessionOptions.DEFAULT));
                NodeScript client = NodeScript.start(
                        "events.cjs",
                        EventStreamClient.url(gateway, "?intents=0&token=user:node")
                                .toString())) {
            assertThat(client.next()).isEqualTo("HELLO");
            assertThat(client.next()).isEqualTo("READY 1");
            GatewaySession session = gateway.nextReady();
            gateway.guild().publish(Event.of("E", "1"));
            assertThat(client.next()).isEqualTo("E 2");
            session.reconnect();
            assertThat(client.next()).isEqualTo("RECONNECT");
            gateway.guild().publish(Event.of("E", "2"));
            assertThat(client.next()).isEqualTo("HELLO");
            assertThat(client.next()).isEqualTo("E 3");
            assertThat(client.next()).isEqualTo("RESUMED 4");
            gateway.transport().invalidateTokens("node");
            assertThat(client.next()).isEqualTo("CLOSE");
            assertThat(client.next()).isNull();
            assertThat(client.status()).isZero();
        }
    }
}
