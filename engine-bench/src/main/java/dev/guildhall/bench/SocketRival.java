package dev.guildhall.bench;

import java.util.List;

/**
 * WebSocket servers that run beside the gateway. Their main classes have only names here, because the module of rivals, which has them, depends
 * on this one.
 */
enum SocketRival {
    JETTY("jetty", "JettyPeer", PeerDialect.PLAIN),
    VERTX("vertx", "VertxPeer", PeerDialect.PLAIN),
    NETTY_SOCKETIO("netty-socketio", "NettySocketIoPeer", PeerDialect.SOCKET_IO);

    final PeerDialect dialect;
    private final String label;
    private final String mainClass;

    SocketRival(String label, String mainClass, PeerDialect dialect) {
        this.label = label;
        this.mainClass = "dev.guildhall.bench.rivals.socket." + mainClass;
        this.dialect = dialect;
    }

    PeerServer.Make make() {
        return PeerServer.java(mainClass, List.of());
    }

    @Override
    public String toString() {
        return label;
    }

    /** Finds one by its label. */
    static final class Named extends ByName<SocketRival> {
        Named() {
            super("rival", List.of(values()));
        }
    }
}
