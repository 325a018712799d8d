package dev.guildhall.transport.netty;

import dev.guildhall.transport.netty.internal.Networks;
import java.util.List;

/**
 * Which proxies in front of a gateway are believed when they say for whom they connect. The client's address is then what they say:
 * for {@link GatewayLimits#maxConnectionsPerAddress}, the {@link AccessLog} and {@link Identify#address}. Immutable. The networks are written
 * as an address or as {@code address/bits}, never as a name, and are checked where they are given.
 *
 * @param proxyProtocolFrom networks of proxies that begin each connection with a PROXY header of version 1 or 2, before TLS. If there are
 *     any, all connections must: one that begins with something else, or comes from elsewhere, is cut
 * @param forwardedForFrom networks of proxies whose {@code X-Forwarded-For} is believed. Of the addresses in it, from the last to the
 *     first, the first one that is not in these networks is the client's. From elsewhere the header is ignored
 */
public record ProxyOptions(List<String> proxyProtocolFrom, List<String> forwardedForFrom) {
    /** Nobody is believed: the client is the other end of the connection. */
    public static final ProxyOptions NONE = new ProxyOptions(List.of(), List.of());

    /**
     * Checks the networks.
     *
     * @param proxyProtocolFrom networks of proxies that speak the PROXY protocol
     * @param forwardedForFrom networks of proxies whose {@code X-Forwarded-For} is believed
     * @throws IllegalArgumentException if one is not a network; the message has it
     */
    public ProxyOptions {
        proxyProtocolFrom = List.copyOf(proxyProtocolFrom);
        forwardedForFrom = List.copyOf(forwardedForFrom);
        Networks.of("proxyProtocolFrom", proxyProtocolFrom);
        Networks.of("forwardedForFrom", forwardedForFrom);
    }

    /**
     * With proxies that speak the PROXY protocol.
     *
     * @param networks see {@link #proxyProtocolFrom}
     * @return a copy
     * @throws IllegalArgumentException if one is not a network
     */
    public ProxyOptions withProxyProtocolFrom(String... networks) {
        return new ProxyOptions(List.of(networks), forwardedForFrom);
    }

    /**
     * With proxies whose {@code X-Forwarded-For} is believed.
     *
     * @param networks see {@link #forwardedForFrom}
     * @return a copy
     * @throws IllegalArgumentException if one is not a network
     */
    public ProxyOptions withForwardedForFrom(String... networks) {
        return new ProxyOptions(proxyProtocolFrom, List.of(networks));
    }
}
