package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * The npm package {@code @discordjs/ws} as it is, against an engine with two gateways: it is cut off and comes back, is sent from one gateway to
 * the other by opcode 7, and told by opcode 9 that its session is over.
 */
@Timeout(300)
class DiscordJsTest {
    private final BlockingQueue<GatewaySession> ready = new LinkedBlockingQueue<>();
    private int published;

    @ParameterizedTest
    @ValueSource(strings = {"none", "zlib-stream"})
    void missesNothing(String compression) throws Exception {
        try (Relay relay = new Relay();
                Engine engine = Engine.builder()
                        .transport(gateway(relay.url()))
                        .transport(gateway(relay.url()))
                        .open()) {
            NettyTransport first = (NettyTransport) engine.transports().getFirst();
            NettyTransport second = (NettyTransport) engine.transports().getLast();
            Guild guild = engine.guild("hall");
            relay.leadTo(first.address().getPort());
            try (NodeScript client =
                    NodeScript.start("discordjs.cjs", relay.url().toString(), "token", compression)) {
                String session = begin(client);
                GatewaySession began = subscribed(guild);
                publish(guild);
                assertThat(client.next()).isEqualTo("EVENT 1");

                relay.cut();
                publish(guild);
                publish(guild);
                assertThat(linesUntilResumed(client)).containsExactly("EVENT 2", "EVENT 3");

                relay.leadTo(second.address().getPort());
                first.drain(DrainOptions.DEFAULT);
                publish(guild);
                List<String> events = linesUntilResumed(client);
                if (events.isEmpty()) {
                    events.add(Objects.requireNonNull(client.next()));
                }
                assertThat(events).containsExactly("EVENT 4");

                relay.hold();
                relay.cut();
                began.session().close(new CloseReason(CloseReason.Kind.REQUESTED, "the test has ended it"));
                relay.leadTo(second.address().getPort());
                assertThat(begin(client)).isNotEqualTo(session);
                subscribed(guild);
                publish(guild);
                assertThat(client.next()).isEqualTo("EVENT 5");
            }
        }
    }

    /** The client is let in; answers its session. */
    private String begin(NodeScript client) throws InterruptedException {
        String line = client.next();
        assertThat(line).startsWith("READY ");
        return Objects.requireNonNull(line).substring("READY ".length());
    }

    private GatewaySession subscribed(Guild guild) throws InterruptedException {
        GatewaySession session = ready.poll(20, TimeUnit.SECONDS);
        assertThat(session).isNotNull();
        session.session().subscribe(guild);
        return session;
    }

    /** What comes before the client says that it is back. */
    private static List<String> linesUntilResumed(NodeScript client) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String line = client.next(); !"RESUMED".equals(line); line = client.next()) {
            lines.add(Objects.requireNonNull(line));
        }
        return lines;
    }

    private void publish(Guild guild) {
        guild.publish(Event.of("MESSAGE_CREATE", "{\"n\":" + ++published + "}"));
    }

    private NettyTransport gateway(URI url) {
        return NettyTransport.builder()
                .port(0)
                .eventLoops(1)
                .gatewayUrl(url)
                .authenticator(identify ->
                        Authentication.accepted("ann", JsonMapper.shared().createObjectNode()))
                .listener(new GatewayListener() {
                    @Override
                    public void onReady(GatewaySession session) {
                        ready.add(session);
                    }
                })
                .build();
    }
}
