package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import dev.guildhall.transport.netty.GatewayStats.WritePath;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/** A gateway within an application's own server, and on its event loops. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.class)
class GatewayMountTest {
    private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final IoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    @AfterEach
    void endTheLoops() {
        assertThat(loops.isShuttingDown()).isFalse();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** The application's own answers, on connections that live on. */
    @Sharable
    private static final class Greeter extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            byte[] body = "hi".getBytes(StandardCharsets.US_ASCII);
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body));
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
            var _ = ctx.writeAndFlush(response);
        }
    }

    private Channel listen(Consumer<Channel> pipeline) {
        return listen(loops, pipeline);
    }

    private static Channel listen(IoEventLoopGroup group, Consumer<Channel> pipeline) {
        return listen(group, NioServerSocketChannel.class, pipeline);
    }

    private static Channel listen(
            IoEventLoopGroup group, Class<? extends ServerChannel> type, Consumer<Channel> pipeline) {
        return new ServerBootstrap()
                .group(group)
                .channel(type)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        pipeline.accept(channel);
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    private static int port(Channel server) {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    private NettyTransport mounted(int port, UnaryOperator<NettyTransportBuilder> change) {
        return change.apply(NettyTransport.builder()
                        .mounted(URI.create("ws://127.0.0.1:" + port + "/live"))
                        .path("/live")
                        .eventLoops(loops)
                        .authenticator(identify -> Authentication.accepted(
                                identify.token(), JsonMapper.shared().createObjectNode())))
                .build();
    }

    private void standard(Channel channel, Supplier<NettyTransport> transport) {
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(),
                        new GatewayHandler(transport.get()),
                        new HttpObjectAggregator(1024),
                        new Greeter());
    }

    @Test
    void aConnectionAsksTheApplicationAndThenBecomesAStreamOfEvents() throws Exception {
        BlockingQueue<NettyTransport> built = new LinkedBlockingQueue<>();
        Channel server = listen(channel -> standard(channel, built::element));
        NettyTransport transport = mounted(port(server), b -> b.eventStreams(EventStreamOptions.ON));
        built.add(transport);
        try (Engine engine = Engine.builder().transport(transport).open();
                RawClient client = new RawClient(port(server))) {
            assertThat(client.http(HELLO)).startsWith("HTTP/1.1 200 OK");
            assertThat(client.readBytes(2)).isEqualTo("hi");
            assertThat(client.http(HELLO.replace("/hello", "/live/events?intents=0")
                            .replace("localhost", "localhost\r\nAuthorization: ann")))
                    .startsWith("HTTP/1.1 200 OK")
                    .contains("text/event-stream");
            engine.drain();
            assertThat(client.readToCut())
                    .contains("event: HELLO\n", "\"READY\"", "event: CLOSE\n")
                    .endsWith("0\r\n\r\n");
        } finally {
            server.close().syncUninterruptibly();
        }
    }

    @Test
    void aConnectionAsksTheApplicationAndThenBecomesAClient() throws Exception {
        BlockingQueue<NettyTransport> built = new LinkedBlockingQueue<>();
        Channel server = listen(channel -> standard(channel, built::element));
        NettyTransport transport = mounted(port(server), b -> b);
        built.add(transport);
        try (Engine engine = Engine.builder().transport(transport).open();
                RawClient client = new RawClient(port(server))) {
            assertThat(client.http(HELLO)).startsWith("HTTP/1.1 200 OK");
            assertThat(client.readBytes(2)).isEqualTo("hi");
            assertThat(client.http(RawClient.upgradeRequest().replace("/gateway", "/live")))
                    .startsWith("HTTP/1.1 101 ");
            assertThat(client.read().text()).contains("heartbeat_interval");
            client.send("{\"op\":2,\"d\":{\"token\":\"ann\",\"intents\":0}}");
            assertThat(client.read().text()).contains("READY", "ws://127.0.0.1:" + port(server) + "/live");
            assertThat(transport.stats().writePaths()).containsEntry(WritePath.CHANNEL, 1);
            assertThat(transport.url()).isEqualTo(URI.create("ws://127.0.0.1:" + port(server) + "/live"));
            assertThatThrownBy(transport::address).hasMessageContaining("mounted");
            engine.user("ann").send(Event.of("DIRECT", "1"));
            assertThat(client.read().text()).contains("DIRECT");
            engine.drain();
            assertThat(client.readToClose().closeCode()).isEqualTo(1001);
        } finally {
            server.close().sync();
        }
    }

    @Test
    void jdkClientsComeThroughAnAggregatorAndACompressorToo() throws Exception {
        BlockingQueue<NettyTransport> built = new LinkedBlockingQueue<>();
        Channel server = listen(channel -> channel.pipeline()
                .addLast(
                        new HttpServerCodec(),
                        new HttpContentCompressor(),
                        new HttpObjectAggregator(1024),
                        new GatewayHandler(built.element()),
                        new Greeter()));
        NettyTransport transport = mounted(port(server), b -> b);
        built.add(transport);
        try (Engine engine = Engine.builder().transport(transport).open();
                TestClient client = TestClient.connect(transport.url())) {
            assertThat(client.next().get("op").intValue()).isEqualTo(10);
            client.identify("ann");
            assertThat(client.next().get("t").stringValue()).isEqualTo("READY");
            engine.user("ann").send(Event.of("DIRECT", "\"" + "x".repeat(100_000) + "\""));
            assertThat(client.next().get("d").stringValue()).hasSize(100_000);
            client.leave(1000);
        } finally {
            server.close().sync();
        }
    }

    @Test
    void theWayToTheSocketIsAsShortAsWithoutAServer() throws Exception {
        assumeTrue(Epoll.isAvailable());
        IoEventLoopGroup epoll = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        BlockingQueue<NettyTransport> built = new LinkedBlockingQueue<>();
        Channel server = listen(epoll, EpollServerSocketChannel.class, channel -> standard(channel, built::element));
        NettyTransport transport = mounted(port(server), b -> b.eventLoops(epoll));
        built.add(transport);
        try (Engine engine = Engine.builder().transport(transport).open();
                TestClient client = TestClient.connect(transport.url())) {
            client.next();
            client.identify("ann");
            assertThat(client.next().get("t").stringValue()).isEqualTo("READY");
            assertThat(transport.stats().writePaths()).containsEntry(WritePath.SOCKET, 1);
            engine.user("ann").send(Event.of("DIRECT", "1"));
            assertThat(client.next().get("t").stringValue()).isEqualTo("DIRECT");
        } finally {
            server.close().sync();
            epoll.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void nobodyIsLetInBeforeTheEngineAndWhileDraining() throws Exception {
        BlockingQueue<NettyTransport> built = new LinkedBlockingQueue<>();
        Channel server = listen(channel -> standard(channel, built::element));
        NettyTransport transport = mounted(port(server), b -> b);
        built.add(transport);
        String upgrade = RawClient.upgradeRequest().replace("/gateway", "/live");
        try (RawClient early = new RawClient(port(server))) {
            assertThat(early.http(upgrade)).startsWith("HTTP/1.1 503 ");
            assertThat(early.readToCut()).contains("takes no clients");
        }
        try (Engine engine = Engine.builder().transport(transport).open()) {
            assertThat(engine.stats().sessions()).isZero();
            transport.drain(DrainOptions.DEFAULT).toCompletableFuture().get(10, TimeUnit.SECONDS);
            try (RawClient late = new RawClient(port(server))) {
                assertThat(late.http(HELLO)).startsWith("HTTP/1.1 200 OK");
                late.readBytes(2);
                assertThat(late.http(upgrade)).startsWith("HTTP/1.1 503 ");
            }
            assertThat(transport.stats().refused(Refusal.NOT_READY)).isOne();
        } finally {
            server.close().sync();
        }
    }

    @Test
    void limitsHoldForMountedConnections() throws Exception {
        BlockingQueue<NettyTransport> built = new LinkedBlockingQueue<>();
        Channel server = listen(channel -> standard(channel, built::element));
        NettyTransport transport = mounted(port(server), b -> b.limits(GatewayLimits.DEFAULT.withConnections(100, 1)));
        built.add(transport);
        String upgrade = RawClient.upgradeRequest().replace("/gateway", "/live");
        try (Engine engine = Engine.builder().transport(transport).open();
                RawClient first = new RawClient(port(server));
                RawClient second = new RawClient(port(server))) {
            assertThat(first.http(upgrade)).startsWith("HTTP/1.1 101 ");
            assertThat(second.http(upgrade)).startsWith("HTTP/1.1 429 ");
            assertThat(engine.stats().sessions()).isZero();
        } finally {
            server.close().sync();
        }
    }

    // --- what is wrong

    @Test
    void aPipelineWithoutACodecIsRefused() throws Exception {
        NettyTransport transport = mounted(1, b -> b);
        Channel server =
                listen(channel -> channel.pipeline().addLast(new GatewayHandler(transport), new HttpServerCodec()));
        try (RawClient client = new RawClient(port(server))) {
            assertThat(client.isCut()).isTrue();
        } finally {
            server.close().sync();
        }
        assertProblem(new EmbeddedChannel(), transport, "needs an HttpServerCodec before it");
        assertProblem(new EmbeddedChannel(new HttpRequestDecoder()), transport, "needs an HttpServerCodec before it");
    }

    @Test
    void otherEventLoopsAreRefused() throws Exception {
        NettyTransport transport = mounted(1, b -> b);
        IoEventLoopGroup others = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Channel server = listen(others, channel -> standard(channel, () -> transport));
        try (RawClient early = new RawClient(port(server))) {
            assertThat(early.http(HELLO)).startsWith("HTTP/1.1 200 OK");
            early.readBytes(2);
            try (Engine engine = Engine.builder().transport(transport).open();
                    RawClient client = new RawClient(port(server))) {
                assertThat(client.isCut()).isTrue();
                assertProblem(new EmbeddedChannel(new HttpServerCodec()), transport, "eventLoops(group)");
                assertThat(early.http(RawClient.upgradeRequest().replace("/gateway", "/live")))
                        .startsWith("HTTP/1.1 500 ");
                assertThat(engine.stats().sessions()).isZero();
            }
        } finally {
            server.close().sync();
            others.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    @SuppressWarnings("deprecation") // of what it refuses
    void anotherExecutorIsRefused() {
        NettyTransport transport = mounted(1, b -> b);
        DefaultEventExecutorGroup elsewhere = new DefaultEventExecutorGroup(1);
        EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());
        channel.pipeline().addLast(elsewhere, new GatewayHandler(transport));
        elsewhere.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    private static void assertProblem(EmbeddedChannel channel, NettyTransport transport, String text) {
        channel.pipeline().addLast(new GatewayHandler(transport));
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(channel::checkException)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(text);
    }

    @Test
    void whatDoesNotFitAMountedGatewayIsRefused() {
        assertThatThrownBy(() -> NettyTransport.builder()
                        .mounted(URI.create("ws://h/live"))
                        .authenticator(identify -> Authentication.refused("nobody"))
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("eventLoops");
        assertThatThrownBy(() -> mounted(1, b -> b.proxies(ProxyOptions.NONE.withProxyProtocolFrom("::1"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("proxyProtocolFrom");
        NettyTransport withPort = NettyTransport.builder()
                .authenticator(identify -> Authentication.refused("nobody"))
                .build();
        assertThatThrownBy(() -> new GatewayHandler(withPort)).hasMessageContaining("mounted(gatewayUrl)");
    }

    // --- shared event loops

    @Test
    void aGatewayRunsOnTheApplicationsEventLoops() throws Exception {
        IoEventLoopGroup accepting = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        for (UnaryOperator<NettyTransportBuilder> change : List.<UnaryOperator<NettyTransportBuilder>>of(
                b -> b.eventLoops(loops), b -> b.eventLoops(accepting, loops))) {
            try (TestGateway gateway = TestGateway.open(change);
                    TestClient ann = gateway.join("ann")) {
                assertThat(gateway.transport().io()).isEqualTo(IoMode.NIO);
                gateway.guild().publish(Event.of("HI", "1"));
                assertThat(ann.next().get("t").stringValue()).isEqualTo("HI");
            }
            assertThat(loops.isShuttingDown()).isFalse();
        }
        accepting.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    @Test
    void unknownEventLoopsAreRefused() {
        IoEventLoopGroup local = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        assertThatThrownBy(() -> NettyTransport.builder().eventLoops(local))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("epoll, io_uring or NIO");
        local.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
