package dev.guildhall.transport.netty;

import java.util.Map;

/**
 * What a gateway has and has done. Each number is exact; together they are of about the same moment. Totals count since the transport was
 * built. Immutable.
 *
 * @param io how the event loops wait, never {@link IoMode#AUTO}
 * @param ready whether clients are let in, see {@link NettyTransport#isReady}
 * @param connections how many connections are in each state
 * @param writePaths how many connections with a session write in each way
 * @param accepted connections that came, those refused later too
 * @param refused how many connections were refused or cut before they were a WebSocket, by reason
 * @param closed how many WebSockets and streams of events have ended, by close code: the one sent first, by whichever side, and {@value #NO_CLOSE_FRAME} if neither
 *     sent one
 * @param putOff identifies that were to be tried again, since {@link GatewayLimits#maxIdentifying} others were looked at
 * @param messagesReceived messages and pings from clients
 * @param bytesReceived their bytes, without what frames them
 */
public record GatewayStats(
        IoMode io,
        boolean ready,
        Map<State, Integer> connections,
        Map<WritePath, Integer> writePaths,
        long accepted,
        Map<Refusal, Long> refused,
        Map<Integer, Long> closed,
        long putOff,
        long messagesReceived,
        long bytesReceived) {

    /** The close code of a connection that ended without one. RFC 6455 keeps it for this; no client ever sends or gets it. */
    public static final int NO_CLOSE_FRAME = 1006;

    /** How far a connection has come. */
    public enum State {
        /** It is no WebSocket yet: TLS, the request, or an answer that is not an upgrade. */
        HANDSHAKING,
        /** A WebSocket, or a stream of events, without a session: the client has not identified or resumed yet. */
        OPEN,
        /** It has a session. */
        IDENTIFIED,
        /** One side has sent a close frame. */
        CLOSING
    }

    /** Why a connection did not become a WebSocket. Requests for what is not there and broken ones are in the {@link AccessLog} only. */
    public enum Refusal {
        /** {@link GatewayLimits#maxConnections} were open. */
        TOO_MANY,
        /** {@link GatewayLimits#maxConnectionsPerAddress} were open from its address. */
        TOO_MANY_FROM_ADDRESS,
        /** Its Origin header. */
        ORIGIN,
        /** It took longer than {@link GatewayLimits#handshakeTimeout}. */
        TIMED_OUT,
        /** It did not begin with the PROXY header it has to begin with, or came from nobody who may send one. */
        PROXY_HEADER,
        /** The gateway was not ready: it is drained or ends, or has not begun. */
        NOT_READY
    }

    /** How events get from a batch to the socket. */
    public enum WritePath {
        /** Straight to the socket; Netty's channel only gets what the socket does not take. With {@link IoMode#EPOLL} in plain text. */
        SOCKET,
        /** Through the channel. */
        CHANNEL
    }

    /** Copies the maps. */
    public GatewayStats {
        connections = Map.copyOf(connections);
        writePaths = Map.copyOf(writePaths);
        refused = Map.copyOf(refused);
        closed = Map.copyOf(closed);
    }

    /**
     * Connections that are there.
     *
     * @return the sum of all states
     */
    public int open() {
        return connections.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Refused connections.
     *
     * @param why one reason
     * @return how many were refused for it
     */
    public long refused(Refusal why) {
        return refused.getOrDefault(why, 0L);
    }
}
