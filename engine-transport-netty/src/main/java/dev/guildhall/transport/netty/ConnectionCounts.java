package dev.guildhall.transport.netty;

/**
 * What came of the connections of a gateway. Each number is exact; together they are of about the same moment.
 *
 * @param open connections that are open, those that are no WebSocket yet too
 * @param refusedInTotal refused since {@link GatewayLimits#maxConnections} were open
 * @param refusedByAddress refused since {@link GatewayLimits#maxConnectionsPerAddress} were open from their address
 * @param refusedByOrigin upgrades refused for their Origin header
 * @param handshakesTimedOut cut after {@link GatewayLimits#handshakeTimeout}
 */
public record ConnectionCounts(
        int open, long refusedInTotal, long refusedByAddress, long refusedByOrigin, long handshakesTimedOut) {}
