package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.AccessLog;
import dev.guildhall.transport.netty.EventStreamOptions;
import dev.guildhall.transport.netty.HealthOptions;
import dev.guildhall.transport.netty.HttpHandler;
import dev.guildhall.transport.netty.ProxyOptions;
import io.netty.channel.IoEventLoopGroup;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway is run; the builder documents each value.
 *
 * @param eventStreams beside WebSockets
 * @param acceptors the application's event loops for the listening socket; null if the connections' do that
 * @param loops the application's event loops; null for the gateway's own
 * @param mounted whether an application brings the connections
 */
public record GatewayOperation(
        ProxyOptions proxies,
        HealthOptions health,
        EventStreamOptions eventStreams,
        @Nullable AccessLog accessLog,
        @Nullable HttpHandler http,
        @Nullable IoEventLoopGroup acceptors,
        @Nullable IoEventLoopGroup loops,
        boolean mounted) {

    /** Nothing that is not the default. */
    static final GatewayOperation DEFAULT = new GatewayOperation(
            ProxyOptions.NONE, HealthOptions.DEFAULT, EventStreamOptions.OFF, null, null, null, null, false);

    /** Networks of proxies that begin a connection with a PROXY header. */
    Networks proxyProtocol() {
        return Networks.of("proxyProtocolFrom", proxies.proxyProtocolFrom());
    }

    /** Networks of proxies whose X-Forwarded-For is believed. */
    Networks forwardedFor() {
        return Networks.of("forwardedForFrom", proxies.forwardedForFrom());
    }
}
