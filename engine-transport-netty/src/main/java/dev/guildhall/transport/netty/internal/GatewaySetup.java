package dev.guildhall.transport.netty.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sets a new connection up. Shared by all event loops; the gateway is there before the first connection is accepted. */
final class GatewaySetup extends ChannelInitializer<Channel> {
    private final GatewayConfig config;
    private final ChannelGroup connections;
    private volatile @Nullable Gateway gateway;

    GatewaySetup(GatewayConfig config, ChannelGroup connections) {
        this.config = config;
        this.connections = connections;
    }

    void begin(Gateway value) {
        gateway = value;
    }

    @Override
    protected void initChannel(Channel channel) {
        connections.add(channel);
        GatewayProtocol protocol = new GatewayProtocol(Objects.requireNonNull(gateway), channel);
        // Decoder and encoder apart, not as one codec: the handshake can then replace the decoder in its place.
        channel.pipeline()
                .addLast(new HttpRequestDecoder())
                .addLast(new HttpResponseEncoder())
                .addLast(new RequestAggregator())
                .addLast(new GatewayUpgrade(config, protocol))
                .addLast(new WebSocketFrameAggregator(config.maxInboundBytes()))
                .addLast(protocol);
    }
}
