package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import dev.guildhall.transport.netty.GatewayTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sets a new connection up. Shared by all event loops; the gateway is there before the first connection is accepted. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of a failed write or close by closing the channel
final class GatewaySetup extends ChannelInitializer<Channel> {
    private final GatewayConfig config;
    private final ChannelGroup connections;
    private final ConnectionLimits limits;
    private final GatewayCounters counters;
    private final Networks proxyProtocol;
    private final Networks forwardedFor;
    private final AtomicInteger answering = new AtomicInteger();
    private volatile @Nullable Gateway gateway;

    GatewaySetup(GatewayConfig config, ChannelGroup connections, ConnectionLimits limits, GatewayCounters counters) {
        this.config = config;
        this.connections = connections;
        this.limits = limits;
        this.counters = counters;
        this.proxyProtocol = config.operation().proxyProtocol();
        this.forwardedFor = config.operation().forwardedFor();
    }

    void begin(Gateway value) {
        gateway = value;
    }

    @Override
    protected void initChannel(Channel channel) {
        counters.accepted();
        if (!limits.enter(channel)) {
            refuse(channel, HttpResponseStatus.SERVICE_UNAVAILABLE);
        } else if (proxyProtocol.isEmpty()) {
            enterAddress(channel, null);
        } else if (proxyProtocol.contain(ClientAddress.of(channel))) {
            Visit visit = begin(channel);
            channel.pipeline().addLast(new ProxyHeader(visit, () -> enterAddress(channel, visit)));
        } else {
            counters.refused(Refusal.PROXY_HEADER);
            channel.close();
        }
    }

    /** The client's address is known, unless a header will tell it. */
    private void enterAddress(Channel channel, @Nullable Visit begun) {
        if (forwardedFor.isEmpty() && !limits.enterAddress(channel)) {
            refuse(channel, HttpResponseStatus.TOO_MANY_REQUESTS);
        } else {
            accept(channel, begun == null ? begin(channel) : begun);
        }
    }

    private Visit begin(Channel channel) {
        connections.add(channel);
        return Visit.begin(channel, counters, config);
    }

    /** No work is done for a connection that is one too many: TLS would be some. */
    private void refuse(Channel channel, HttpResponseStatus status) {
        if (config.security().tls() == null) {
            RefusedConnection.refuse(channel, status, config.operation().health(), answering);
        } else {
            channel.close();
        }
    }

    private void accept(Channel channel, Visit visit) {
        GatewayTls tls = config.security().tls();
        if (tls != null) {
            SslHandler handler = tls.context().newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(0); // the visit's limit is for all until the connection is a WebSocket
            channel.pipeline().addLast(handler).addLast(new OneTlsHandshake(handler));
        }
        GatewayLimits bounds = config.security().limits();
        // Decoder and encoder apart, not as one codec: the handshake can then replace the decoder in its place.
        channel.pipeline()
                .addLast(new HttpRequestDecoder(new HttpDecoderConfig()
                        .setHeadersFactory(RequestHeaders.FACTORY)
                        .setMaxInitialLineLength(bounds.maxRequestLineBytes())
                        .setMaxHeaderSize(bounds.maxHeaderBytes())))
                .addLast(new HttpResponseEncoder())
                .addLast(handlers(channel, visit).toArray(ChannelHandler[]::new));
    }

    /** What comes after a codec of HTTP, in this order. */
    private List<ChannelHandler> handlers(Channel channel, Visit visit) {
        Outbox.boundBuffersOf(channel);
        Gateway present = Objects.requireNonNull(gateway);
        List<ChannelHandler> handlers = new ArrayList<>();
        handlers.add(new RequestLog(visit));
        if (!forwardedFor.isEmpty()) {
            handlers.add(new ForwardedFor(forwardedFor, limits));
        }
        handlers.add(new RequestAggregator());
        handlers.add(new GatewayUpgrade(present, visit));
        return handlers;
    }

    /** What a connection needs that an application has accepted, from a request for the gateway on. */
    List<ChannelHandler> mount(Channel channel) {
        counters.accepted();
        Gateway present = gateway;
        if (present == null || !present.isReady()) {
            counters.refused(Refusal.NOT_READY);
            return List.of(new RefusedConnection(HttpResponseStatus.SERVICE_UNAVAILABLE, Gateway.NOT_READY));
        }
        if (!limits.enter(channel)) {
            return List.of(new RefusedConnection(HttpResponseStatus.SERVICE_UNAVAILABLE, RefusedConnection.TOO_MANY));
        }
        if (forwardedFor.isEmpty() && !limits.enterAddress(channel)) {
            return List.of(new RefusedConnection(HttpResponseStatus.TOO_MANY_REQUESTS, RefusedConnection.TOO_MANY));
        }
        return handlers(channel, begin(channel));
    }
}
