package dev.guildhall.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Opens WebSockets with Netty's own handlers, over epoll where there is one. Usable from any thread. */
final class Dialer {
    private static final int MOST_ANSWER_BYTES = 64 << 10;
    /** What a publisher may have waiting before it is passed over. */
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(1 << 19, 1 << 20);

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final Scenario.Connecting connecting;
    private final List<InetAddress> addresses;
    private final @Nullable SslContext tls;

    Dialer(Scenario scenario) {
        connecting = scenario.connect();
        addresses = connecting.sourceAddresses();
        tls = "wss".equals(scenario.url().getScheme()) ? tls(connecting.insecure()) : null;
    }

    private static SslContext tls(boolean insecure) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            return insecure
                    ? builder.trustManager(InsecureTrustManagerFactory.INSTANCE).build()
                    : builder.build();
        } catch (SSLException e) {
            throw new LoadException("TLS does not work here: " + e.getMessage(), e);
        }
    }

    static EventLoopGroup loops(int threads) {
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, io);
    }

    static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "wss".equals(url.getScheme()) ? HTTPS : HTTP;
    }

    /**
     * Begins a connection.
     *
     * @param turn says which of the source addresses it comes from
     * @param handler gets {@code WebSocketFrame}s, whole messages
     */
    ChannelFuture dial(URI url, EventLoop loop, int turn, ChannelHandler handler) {
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(url)
                .maxFramePayloadLength(connecting.maxMessageBytes())
                .handshakeTimeoutMillis(connecting.timeout().toMillis())
                .handleCloseFrames(false) // their codes are counted
                .sendCloseFrame(null) // a cut says nothing
                .withUTF8Validator(false)
                .build();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(connecting.timeout().toMillis()))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        ChannelPipeline pipeline = channel.pipeline();
                        if (tls != null) {
                            pipeline.addLast(tls.newHandler(channel.alloc(), url.getHost(), port(url)));
                        }
                        pipeline.addLast(
                                new HttpClientCodec(),
                                new HttpObjectAggregator(MOST_ANSWER_BYTES),
                                new WebSocketClientProtocolHandler(config),
                                new WebSocketFrameAggregator(connecting.maxMessageBytes()),
                                handler);
                    }
                });
        if (connecting.receiveBuffer() > 0) {
            bootstrap.option(ChannelOption.SO_RCVBUF, connecting.receiveBuffer());
        }
        InetSocketAddress server = InetSocketAddress.createUnresolved(url.getHost(), port(url));
        if (addresses.isEmpty()) {
            return bootstrap.connect(server);
        }
        if (Epoll.isAvailable()) {
            // Or the kernel looks for a port that no connection of the address has, of which there are fewer than
            // 30,000.
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        return bootstrap.connect(server, new InetSocketAddress(addresses.get(turn % addresses.size()), 0));
    }
}
