package dev.guildhall.transport.netty;

import dev.guildhall.transport.netty.internal.Slf4jAccessLog;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Told of each request that was answered and each connection that has ended. The methods are called on event loops, so they must not block;
 * what they throw is logged at WARN and changes nothing. Queries and tokens are not told. Connections that are one too many when they connect
 * are not told of either: {@link GatewayStats} counts them.
 */
public interface AccessLog {

    /**
     * A request was answered, or upgraded with status 101.
     *
     * @param request what is known of it
     */
    void request(Request request);

    /**
     * A connection has ended.
     *
     * @param connection what is known of it
     */
    void closed(Connection connection);

    /**
     * Writes one line each at INFO to the SLF4J logger {@value #LOGGER}. What a client could forge lines with is replaced by question
     * marks. Whether it blocks is up to the logging back-end.
     *
     * @return a log
     */
    static AccessLog slf4j() {
        return new Slf4jAccessLog();
    }

    /** The logger of {@link #slf4j}. */
    String LOGGER = "dev.guildhall.access";

    /**
     * A request that was answered.
     *
     * @param address from where the client came, as the proxies say that are trusted; null if it was not by IP
     * @param method as it was sent; empty if the request could not be read
     * @param path as it was sent, still encoded and without its query; empty if the request could not be read
     * @param status of the answer
     * @param duration from the request's head to the end of the answer
     */
    record Request(@Nullable InetAddress address, String method, String path, int status, Duration duration) {}

    /**
     * A connection that has ended.
     *
     * @param address as above
     * @param path of its last request, as above; empty if there was none
     * @param closeCode of a WebSocket or a stream of events, as {@link GatewayStats#closed} counts it; 0 if it never was one
     * @param duration from connecting to the end
     * @param messagesReceived messages and pings from the client
     * @param bytesReceived their bytes, without what frames them
     */
    record Connection(
            @Nullable InetAddress address,
            String path,
            int closeCode,
            Duration duration,
            long messagesReceived,
            long bytesReceived) {}
}
