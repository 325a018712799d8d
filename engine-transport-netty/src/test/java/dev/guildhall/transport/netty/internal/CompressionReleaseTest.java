package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.transport.netty.ClientFrame;
import dev.guildhall.transport.netty.GatewayCompression;
import dev.guildhall.transport.netty.GatewayCompression.Mode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever ends a connection, its compressor's memory outside the heap is freed at once. */
class CompressionReleaseTest {
    private static final GatewayCompression OPTIONS = GatewayCompression.DEFAULT
            .withPerMessageDeflate(Mode.PER_CONNECTION)
            .withStreams(Mode.PER_CONNECTION, true);

    /** A way to ask for a compressor of one's own. */
    enum Way {
        ZLIB_STREAM("&compress=zlib-stream", ""),
        ZSTD_STREAM("&compress=zstd-stream", ""),
        PER_MESSAGE_DEFLATE("", "Sec-WebSocket-Extensions: permessage-deflate\r\n");

        final String query;
        final String header;

        Way(String query, String header) {
            this.query = query;
            this.header = header;
        }

        String request(String version) {
            return "GET /gateway?v=" + version + query + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + header + "\r\n";
        }
    }

    /** How a connection ends; its client has identified. */
    enum Ending {
        GOODBYE {
            @Override
            void of(EmbeddedGateway gateway, EmbeddedClient client) {
                client.send(ClientFrame.close(1000, new byte[0]));
            }
        },
        GOODBYE_FOR_NOW {
            @Override
            void of(EmbeddedGateway gateway, EmbeddedClient client) {
                client.send(ClientFrame.close(4000, new byte[0]));
            }
        },
        CUT {
            @Override
            void of(EmbeddedGateway gateway, EmbeddedClient client) {
                client.vanish();
            }
        },
        MISTAKE_AND_ANSWER {
            @Override
            void of(EmbeddedGateway gateway, EmbeddedClient client) {
                client.text("no JSON").send(ClientFrame.close(4002, new byte[0]));
            }
        },
        MISTAKE_WITHOUT_ANSWER {
            @Override
            void of(EmbeddedGateway gateway, EmbeddedClient client) {
                client.text("no JSON").advance(3);
            }
        },
        BROKEN_FRAME {
            @Override
            void of(EmbeddedGateway gateway, EmbeddedClient client) {
                client.send(new byte[] {(byte) 0xBF, (byte) 0xFF, 1, 2, 3, 4, 5, 6, 7, 8})
                        .advance(3);
            }
        },
        NO_HEARTBEAT {
            @Override
            void of(EmbeddedGateway gateway, EmbeddedClient client) {
                client.advance(70);
                client.advance(3);
            }
        },
        GATEWAY_CLOSED {
            @Override
            void of(EmbeddedGateway gateway, EmbeddedClient client) {
                gateway.goAway();
                client.advance(3);
            }
        };

        abstract void of(EmbeddedGateway gateway, EmbeddedClient client);
    }

    static Stream<Arguments> waysAndEndings() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Ending.values()).map(ending -> Arguments.of(way, ending)));
    }

    @ParameterizedTest
    @MethodSource("waysAndEndings")
    void anEndOfTheConnectionReleases(Way way, Ending ending) {
        try (EmbeddedGateway gateway = new EmbeddedGateway(1, 120, OPTIONS)) {
            EmbeddedClient client = connected(gateway, way);
            client.text("{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}");
            client.text("{\"op\":1,\"d\":null}");
            client.takeAll();
            assertThat(gateway.sessions()).isEqualTo(1);
            assertThat(gateway.contexts()).isEqualTo(1);
            ending.of(gateway, client);
            assertThat(gateway.contexts()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatNeverIdentifiesIsReleased(Way way) {
        try (EmbeddedGateway gateway = new EmbeddedGateway(1, 120, OPTIONS)) {
            EmbeddedClient client = connected(gateway, way);
            assertThat(gateway.contexts()).isEqualTo(1);
            client.advance(11);
            client.advance(3);
            assertThat(gateway.contexts()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatAsksForAnotherVersionTakesNothing(Way way) {
        try (EmbeddedGateway gateway = new EmbeddedGateway(1, 120, OPTIONS)) {
            EmbeddedClient client = gateway.connect().send(way.request("9").getBytes(StandardCharsets.US_ASCII));
            assertThat(client.takeHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.closeCode()).isEqualTo(4012);
            assertThat(gateway.contexts()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatIsRefusedTakesNothing(Way way) {
        try (EmbeddedGateway gateway = new EmbeddedGateway(1, 120, OPTIONS)) {
            String request = way.request("10").replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=");
            EmbeddedClient client = gateway.connect().send(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(client.takeHead()).startsWith("HTTP/1.1 400 ");
            assertThat(gateway.contexts()).isZero();
        }
    }

    /** An outbound handler would keep dispatches off the way past the channel. */
    @ParameterizedTest
    @EnumSource
    void noHandlerCompresses(Way way) {
        try (EmbeddedGateway gateway = new EmbeddedGateway(1, 120, OPTIONS)) {
            assertThat(Outbox.isPlain(connected(gateway, way).pipeline())).isTrue();
        }
    }

    private static EmbeddedClient connected(EmbeddedGateway gateway, Way way) {
        EmbeddedClient client = gateway.connect().send(way.request("10").getBytes(StandardCharsets.US_ASCII));
        assertThat(client.takeHead()).startsWith("HTTP/1.1 101 ");
        return client;
    }

    @Test
    void aCompressorThatWasReleasedIsGone() {
        for (MessageCompressor compressor : List.of(new DeflateContext(1), new ZstdContext(1, 15))) {
            FrameBuffer frame = new FrameBuffer();
            frame.begin();
            compressor.compress(ByteBuffer.wrap(new byte[100]), frame);
            compressor.release();
            assertThatThrownBy(() -> compressor.compress(ByteBuffer.wrap(new byte[100]), frame))
                    .as("%s", compressor)
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void aFormReleasesItsCompressor() {
        DeflateContext compressor = new DeflateContext(1);
        ContextForm form = new ContextForm(
                new DispatchEncoding(Map.of()), DeflateWire.ZLIB_STREAM, compressor, new Workspace(1), 0, () -> {});
        form.control(new byte[] {'1'});
        form.release();
        assertThatThrownBy(() -> form.control(new byte[] {'2'})).hasMessage("the connection is over");
        assertThatThrownBy(() -> compressor.compress(ByteBuffer.wrap(new byte[1]), new FrameBuffer()))
                .hasMessageContaining("closed");
    }

    @Test
    void aCompressorThatWasNeverUsedCanBeReleased() {
        new DeflateContext(1).release();
        new ZstdContext(1, 15).release();
        new DeflateWindow(new Workspace(1), 10).release();
    }
}
