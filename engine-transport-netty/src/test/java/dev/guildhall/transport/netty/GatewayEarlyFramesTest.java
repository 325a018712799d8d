package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** Clients that do not wait for the answer to their upgrade request are served as if they had, wherever the network cuts what they say. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.Strict.class)
class GatewayEarlyFramesTest {
    private static final String HEARTBEAT = "{\"op\":1,\"d\":null}";
    private static final String IDENTIFY = "{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}";

    /** How an application's pipeline may begin. */
    enum Pipeline {
        ONE_CODEC,
        TWO_CODECS,
        BEHIND_AN_AGGREGATOR,
        /** The answer leaves only when all that was read has been dealt with. */
        LATE_FLUSH;

        ChannelHandler[] handlers(GatewayHandler gateway) {
            return switch (this) {
                case ONE_CODEC -> new ChannelHandler[] {new HttpServerCodec(), gateway};
                case TWO_CODECS -> new ChannelHandler[] {new HttpRequestDecoder(), new HttpResponseEncoder(), gateway};
                case BEHIND_AN_AGGREGATOR ->
                    new ChannelHandler[] {new HttpServerCodec(), new HttpObjectAggregator(1024), gateway};
                case LATE_FLUSH ->
                    new ChannelHandler[] {new FlushConsolidationHandler(), new HttpServerCodec(), gateway};
            };
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = IoMode.class,
            names = {"AUTO", "NIO"})
    void onItsOwnPort(IoMode io) throws Exception {
        try (TestGateway gateway = TestGateway.open(b -> b.io(io))) {
            eagerClientsAreServed(gateway.port(), RawClient.upgradeRequest());
        }
    }

    @Test
    void behindAProxy() throws Exception {
        ProxyOptions proxies =
                ProxyOptions.NONE.withProxyProtocolFrom("127.0.0.0/8").withForwardedForFrom("127.0.0.1");
        try (TestGateway gateway = TestGateway.open(b -> b.proxies(proxies))) {
            eagerClientsAreServed(
                    gateway.port(), "PROXY TCP4 203.0.113.7 192.0.2.1 5 443\r\n" + RawClient.upgradeRequest());
        }
    }

    @ParameterizedTest
    @EnumSource
    void mounted(Pipeline pipeline) throws Exception {
        IoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        AtomicReference<GatewayHandler> gateway = new AtomicReference<>();
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(pipeline.handlers(gateway.get()));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        NettyTransport transport = NettyTransport.builder()
                .mounted(URI.create("ws://127.0.0.1:" + port + "/gateway"))
                .eventLoops(loops)
                .authenticator(identify -> Authentication.accepted(
                        identify.token(), JsonMapper.shared().createObjectNode()))
                .build();
        gateway.set(new GatewayHandler(transport));
        try (Engine engine = Engine.builder().transport(transport).open()) {
            eagerClientsAreServed(port, RawClient.upgradeRequest());
            assertThat(engine.stats().sessionsOpened()).isEqualTo(5);
        } finally {
            server.close().sync();
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    /** Cut between the messages, within the second one, and within its head. */
    private static void eagerClientsAreServed(int port, String upgrade) throws Exception {
        byte[] first = ClientFrame.concat(upgrade.getBytes(StandardCharsets.US_ASCII), ClientFrame.text(HEARTBEAT));
        byte[] all = ClientFrame.concat(first, ClientFrame.text(IDENTIFY));
        for (int cut : new int[] {all.length, first.length, first.length + 1, first.length + 20, first.length - 5}) {
            try (RawClient client = new RawClient(port)) {
                client.write(Arrays.copyOf(all, cut));
                assertThat(client.http("")).startsWith("HTTP/1.1 101 ");
                assertThat(client.read().text()).contains("heartbeat_interval");
                client.write(Arrays.copyOfRange(all, cut, all.length));
                assertThat(client.read().text()).contains("\"op\":11");
                assertThat(client.read().text()).contains("READY");
                client.sendClose(1000);
                assertThat(client.readToClose().closeCode()).isEqualTo(1000);
            }
        }
    }

    @Test
    void mistakesThatComeEarlyHaveTheirCloseCodes() throws Exception {
        try (TestGateway gateway = TestGateway.open()) {
            assertThat(codeFor(gateway, ClientFrame.of(0x83, new byte[0]))).isEqualTo(1002);
            assertThat(codeFor(gateway, ClientFrame.text("no JSON"))).isEqualTo(4002);
            assertThat(codeFor(gateway, ClientFrame.close(1000, new byte[0]))).isEqualTo(1000);
        }
    }

    private static int codeFor(TestGateway gateway, byte[] frame) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            client.write(ClientFrame.concat(RawClient.upgradeRequest().getBytes(StandardCharsets.US_ASCII), frame));
            assertThat(client.http("")).startsWith("HTTP/1.1 101 ");
            return client.readToClose().closeCode();
        }
    }

    @Test
    void moreThanMayBeSentInAWhileIsTooMuch() throws Exception {
        byte[][] messages = new byte[200][];
        Arrays.fill(messages, ClientFrame.text(HEARTBEAT));
        try (TestGateway gateway = TestGateway.open()) {
            assertThat(codeFor(gateway, ClientFrame.concat(messages))).isEqualTo(4008);
        }
    }
}
