package dev.guildhall.transport.netty;

import dev.guildhall.transport.netty.internal.GatewayConfig;
import java.time.Duration;

/**
 * What strangers may take of a gateway: bounds of what happens before a client has identified. Immutable; {@code docs/security.md} says why
 * each default is what it is. Every constructor and {@code with} method throws an {@link IllegalArgumentException} that names the value and
 * its bound.
 *
 * @param maxConnections how many connections may be open, 1 to 10,000,000. One more is answered with 503, or cut if many are answered so
 *     at the time or the gateway speaks TLS
 * @param maxConnectionsPerAddress how many of them may come from one address, which is the one that a trusted {@linkplain ProxyOptions
 *     proxy} tells, and counted when it has, 1 to 10,000,000; IPv6 addresses that have their first
 *     64 bits in common count as one. One more is answered with 429, or cut, as above
 * @param handshakeTimeout time from connecting until the connection is a WebSocket, 10 ms to 1 h; TLS, a slow header and a slow body included.
 *     Then it is cut
 * @param maxRequestLineBytes bound of a request's first line, 128 to 65,536; more is answered with 414
 * @param maxHeaderBytes bound of all its headers together, 256 to 1,048,576; more is answered with 431
 * @param maxHeaders bound of their number, Content-Length not counted, 8 to 1024; more is answered with 431
 * @param maxFragments in how many frames a client may send one message, 1 to 65,536; more close it with
 *     {@link GatewayCloseCode#DECODE_ERROR}
 * @param maxIdentifying of how many clients the {@link Authenticator} may be asked at a time who they are, 1 to 10,000,000; one more is
 *     answered with an invalid session (opcode 9) and may identify again
 */
public record GatewayLimits(
        int maxConnections,
        int maxConnectionsPerAddress,
        Duration handshakeTimeout,
        int maxRequestLineBytes,
        int maxHeaderBytes,
        int maxHeaders,
        int maxFragments,
        int maxIdentifying) {

    /**
     * 100,000 connections, 1,000 of them from one address; 10 s for the handshake; 4,096 bytes of request line, 8,192 bytes of at most 100
     * headers; 64 fragments; 1,000 clients that identify at a time.
     */
    public static final GatewayLimits DEFAULT =
            new GatewayLimits(100_000, 1000, Duration.ofSeconds(10), 4096, 8192, 100, 64, 1000);

    private static final int MOST_CONNECTIONS = 10_000_000;

    /** Checks every value against its bounds. */
    public GatewayLimits {
        GatewayConfig.requireRange("maxConnections", maxConnections, 1, MOST_CONNECTIONS);
        GatewayConfig.requireRange("maxConnectionsPerAddress", maxConnectionsPerAddress, 1, MOST_CONNECTIONS);
        GatewayConfig.requireRange("handshakeTimeout", handshakeTimeout);
        GatewayConfig.requireRange("maxRequestLineBytes", maxRequestLineBytes, 128, 1 << 16);
        GatewayConfig.requireRange("maxHeaderBytes", maxHeaderBytes, 256, 1 << 20);
        GatewayConfig.requireRange("maxHeaders", maxHeaders, 8, 1024);
        GatewayConfig.requireRange("maxFragments", maxFragments, 1, 1 << 16);
        GatewayConfig.requireRange("maxIdentifying", maxIdentifying, 1, MOST_CONNECTIONS);
    }

    /**
     * With other bounds of the open connections.
     *
     * @param inTotal see {@link #maxConnections}
     * @param perAddress see {@link #maxConnectionsPerAddress}
     * @return a copy
     */
    public GatewayLimits withConnections(int inTotal, int perAddress) {
        return new GatewayLimits(
                inTotal,
                perAddress,
                handshakeTimeout,
                maxRequestLineBytes,
                maxHeaderBytes,
                maxHeaders,
                maxFragments,
                maxIdentifying);
    }

    /**
     * With another time for the handshake.
     *
     * @param timeout see {@link #handshakeTimeout}
     * @return a copy
     */
    public GatewayLimits withHandshakeTimeout(Duration timeout) {
        return new GatewayLimits(
                maxConnections,
                maxConnectionsPerAddress,
                timeout,
                maxRequestLineBytes,
                maxHeaderBytes,
                maxHeaders,
                maxFragments,
                maxIdentifying);
    }

    /**
     * With other bounds of a request.
     *
     * @param lineBytes see {@link #maxRequestLineBytes}
     * @param headerBytes see {@link #maxHeaderBytes}
     * @param headers see {@link #maxHeaders}
     * @return a copy
     */
    public GatewayLimits withRequest(int lineBytes, int headerBytes, int headers) {
        return new GatewayLimits(
                maxConnections,
                maxConnectionsPerAddress,
                handshakeTimeout,
                lineBytes,
                headerBytes,
                headers,
                maxFragments,
                maxIdentifying);
    }

    /**
     * With another bound of a message's frames.
     *
     * @param fragments see {@link #maxFragments}
     * @return a copy
     */
    public GatewayLimits withMaxFragments(int fragments) {
        return new GatewayLimits(
                maxConnections,
                maxConnectionsPerAddress,
                handshakeTimeout,
                maxRequestLineBytes,
                maxHeaderBytes,
                maxHeaders,
                fragments,
                maxIdentifying);
    }

    /**
     * With another bound of those that identify at a time.
     *
     * @param clients see {@link #maxIdentifying}
     * @return a copy
     */
    public GatewayLimits withIdentifying(int clients) {
        return new GatewayLimits(
                maxConnections,
                maxConnectionsPerAddress,
                handshakeTimeout,
                maxRequestLineBytes,
                maxHeaderBytes,
                maxHeaders,
                maxFragments,
                clients);
    }
}
