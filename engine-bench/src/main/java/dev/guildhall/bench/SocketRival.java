package dev.guildhall.bench;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * WebSocket servers that run beside the gateway. Their main classes have only names here, because the module of rivals, which has them, depends
 * on this one.
 */
enum SocketRival {
    JETTY("jetty", "JettyPeer", PeerDialect.PLAIN),
    VERTX("vertx", "VertxPeer", PeerDialect.PLAIN),
    NETTY_SOCKETIO("netty-socketio", "NettySocketIoPeer", PeerDialect.SOCKET_IO);

    /** In options and in figures. */
    final String label;

    final PeerDialect dialect;
    private final String mainClass;

    SocketRival(String label, String mainClass, PeerDialect dialect) {
        this.label = label;
        this.mainClass = "dev.guildhall.bench.rivals.socket." + mainClass;
        this.dialect = dialect;
    }

    PeerServer.Make make() {
        return PeerServer.java(mainClass, List.of());
    }

    /** Reads one from an option's value. */
    static final class Named implements ITypeConverter<SocketRival> {
        @Override
        public SocketRival convert(String value) {
            return Arrays.stream(values())
                    .filter(rival -> rival.label.equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "no rival '" + value + "'; there are " + Arrays.toString(labels())));
        }

        private static String[] labels() {
            return Arrays.stream(values()).map(rival -> rival.label).toArray(String[]::new);
        }
    }
}
