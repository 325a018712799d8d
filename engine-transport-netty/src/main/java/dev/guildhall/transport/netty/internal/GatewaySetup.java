package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.SslHandler;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sets a new connection up. Shared by all event loops; the gateway is there before the first connection is accepted. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class GatewaySetup extends ChannelInitializer<Channel> {
    private final GatewayConfig config;
    private final ChannelGroup connections;
    private final ConnectionLimits limits;
    private final AtomicInteger answering = new AtomicInteger();
    private volatile @Nullable Gateway gateway;

    GatewaySetup(GatewayConfig config, ChannelGroup connections, ConnectionLimits limits) {
        this.config = config;
        this.connections = connections;
        this.limits = limits;
    }

    void begin(Gateway value) {
        gateway = value;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!limits.enter(channel)) {
            refuse(channel, HttpResponseStatus.SERVICE_UNAVAILABLE);
        } else if (!limits.enterAddress(channel)) {
            refuse(channel, HttpResponseStatus.TOO_MANY_REQUESTS);
        } else {
            accept(channel);
        }
    }

    /** No work is done for a connection that is one too many: TLS would be some. */
    private void refuse(Channel channel, HttpResponseStatus status) {
        if (config.security().tls() == null) {
            RefusedConnection.refuse(channel, status, answering);
        } else {
            channel.close();
        }
    }

    private void accept(Channel channel) {
        connections.add(channel);
        Gateway present = Objects.requireNonNull(gateway);
        GatewayProtocol protocol = new GatewayProtocol(present, channel);
        GatewayTls tls = config.security().tls();
        if (tls != null) {
            SslHandler handler = tls.context().newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(
                    0); // GatewayUpgrade's limit is for all until the connection is a WebSocket
            channel.pipeline().addLast(handler).addLast(new OneTlsHandshake(handler));
        }
        GatewayLimits bounds = config.security().limits();
        // Decoder and encoder apart, not as one codec: the handshake can then replace the decoder in its place.
        channel.pipeline()
                .addLast(new HttpRequestDecoder(new HttpDecoderConfig()
                        .setMaxInitialLineLength(bounds.maxRequestLineBytes())
                        .setMaxHeaderSize(bounds.maxHeaderBytes())))
                .addLast(new HttpResponseEncoder())
                .addLast(new RequestAggregator())
                .addLast(new GatewayUpgrade(config, limits, present.compression(), protocol))
                .addLast(new FragmentLimit(bounds.maxFragments(), protocol))
                .addLast(new WebSocketFrameAggregator(config.maxInboundBytes()))
                .addLast(protocol);
    }
}
