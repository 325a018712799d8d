package dev.guildhall.transport.netty.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where clients connect. A URL that was configured is the same for everybody. Otherwise each client is told the host under
 * which it reached this machine, because that one works for it: a wildcard address does not for anybody.
 */
final class GatewayUrl {
    private final URI url;
    private final boolean configured;

    private GatewayUrl(URI url, boolean configured) {
        this.url = url;
        this.configured = configured;
    }

    /**
     * The URL of a gateway that is bound.
     *
     * @param address where
     */
    static GatewayUrl of(GatewayConfig config, InetSocketAddress address) {
        URI given = config.gatewayUrl();
        if (given != null) {
            return new GatewayUrl(given, true);
        }
        String host = address.getAddress().isAnyLocalAddress()
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : config.host();
        try {
            return new GatewayUrl(url(config.security().scheme(), host, address.getPort(), config.path()), false);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no URL can be made of host " + host + " and path " + config.path(), e);
        }
    }

    URI url() {
        return url;
    }

    /**
     * The URL for one client.
     *
     * @param hostHeader what it sent; its port is ignored, and so is all of it if it is no host
     */
    URI seenBy(@Nullable String hostHeader) {
        if (configured || hostHeader == null) {
            return url;
        }
        String host = withoutPort(hostHeader);
        if (host.isEmpty()) {
            return url;
        }
        try {
            URI seen = url(url.getScheme(), host, url.getPort(), url.getPath());
            return host.equals(seen.getHost()) ? seen : url;
        } catch (URISyntaxException e) {
            return url;
        }
    }

    private static URI url(String scheme, String host, int port, String path) throws URISyntaxException {
        return new URI(scheme, null, host, port, path, null, null);
    }

    /** The host of a Host header. */
    static String withoutPort(String hostHeader) {
        int colon = hostHeader.lastIndexOf(':');
        return colon > hostHeader.lastIndexOf(']') ? hostHeader.substring(0, colon) : hostHeader;
    }
}
