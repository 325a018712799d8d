package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.ClientFrame;
import dev.guildhall.transport.netty.GatewayCompression;
import dev.guildhall.transport.netty.GatewayCompression.Mode;
import dev.guildhall.transport.netty.MessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compressed messages that were tampered with: each is a message, or ends its connection as the protocol says, and nothing is left of it. */
class InflateFuzzTest {
    private static final int ROUNDS = 600;
    private static final String UPGRADE = EmbeddedClient.UPGRADE.replace(
            "Sec-WebSocket-Key", "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key");

    private final long seed = Long.getLong("guildhall.seed", System.nanoTime());

    @Test
    void whatIsTamperedWithHarmsNobodyElse() {
        System.out.println("-Dguildhall.seed=" + seed);
        Random random = new Random(seed);
        GatewayCompression options = GatewayCompression.DEFAULT.withPerMessageDeflate(Mode.SHARED);
        int closed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (EmbeddedGateway gateway = new EmbeddedGateway(seed, 120, options)) {
                EmbeddedClient client = gateway.connect().send(UPGRADE.getBytes(StandardCharsets.US_ASCII));
                assertThat(client.takeHead()).contains("server_no_context_takeover; client_no_context_takeover");
                assertThat(client.next().text()).contains("\"op\":10");
                client.send(ClientFrame.of(
                        ClientFrame.FINAL | MessageDecoder.RSV1 | ClientFrame.TEXT,
                        tampered(random),
                        random.nextInt()));
                ServerFrames.Frame answer = client.poll();
                if (answer == null || !answer.isClose()) {
                    assertThat(client.isOpen())
                            .as("seed %s round %s", seed, round)
                            .isTrue();
                } else {
                    closed++;
                    assertThat(answer.closeCode())
                            .as("seed %s round %s", seed, round)
                            .isIn(1007, 4001, 4002, 4003);
                }
                EmbeddedClient other = gateway.connect().send(UPGRADE.getBytes(StandardCharsets.US_ASCII));
                other.takeHead();
                other.next();
                byte[] heartbeat = MessageDecoder.deflated("{\"op\":1,\"d\":null}".getBytes(StandardCharsets.US_ASCII));
                other.send(ClientFrame.of(ClientFrame.FINAL | MessageDecoder.RSV1 | ClientFrame.TEXT, heartbeat));
                assertThat(other.next().text()).contains("\"op\":11");
            }
        }
        assertThat(closed).isBetween(ROUNDS / 2, ROUNDS - 1);
    }

    private static byte[] tampered(Random random) {
        String text = switch (random.nextInt(3)) {
            case 0 -> "{\"op\":1,\"d\":" + random.nextInt() + "}";
            case 1 -> "{\"op\":3,\"d\":\"" + "z".repeat(random.nextInt(8_000)) + "\"}";
            default ->
                "{\"op\":1,\"d\":[" + random.ints(200).mapToObj(n -> n + ",").reduce("", String::concat) + "0]}";
        };
        byte[] bytes = MessageDecoder.deflated(text.getBytes(StandardCharsets.US_ASCII));
        switch (random.nextInt(4)) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> random.nextBytes(bytes);
            default -> {
                // as it was
            }
        }
        return bytes;
    }
}
