package dev.guildhall.transport.netty;

/**
 * How the event loops wait for their sockets.
 *
 * <p>The native libraries come as jars of their own: the one of epoll is a dependency of this transport, the one of io_uring
 * is {@code io.netty:netty-transport-native-io_uring}, which an application adds with the classifier of its platform. On the
 * module path nothing requires them, so name them: {@code --add-modules io.netty.transport.epoll.linux.x86_64}. The JDK warns
 * when they are loaded unless it is started with {@code --enable-native-access=ALL-UNNAMED}, or {@code io.netty.common} on the
 * module path.
 */
public enum IoMode {
    /** {@link #EPOLL} where it works, else {@link #NIO}. */
    AUTO,
    /** Linux epoll through Netty's native library. */
    EPOLL,
    /** Linux io_uring through Netty's native library. */
    IO_URING,
    /** The JDK's selectors; works everywhere. */
    NIO
}
