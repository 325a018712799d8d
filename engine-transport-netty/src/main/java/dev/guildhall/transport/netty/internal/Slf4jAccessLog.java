package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.AccessLog;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each. Any thread. */
public final class Slf4jAccessLog implements AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final int LONGEST = 200;

    @Override
    public void request(Request request) {
        LOG.info(
                "{} {} {} {} {}ms",
                address(request.address()),
                printable(request.method()),
                printable(request.path()),
                request.status(),
                request.duration().toMillis());
    }

    @Override
    public void closed(Connection connection) {
        LOG.info(
                "{} closed {} {} {}ms {} messages {} bytes",
                address(connection.address()),
                printable(connection.path()),
                connection.closeCode() == 0 ? "-" : connection.closeCode(),
                connection.duration().toMillis(),
                connection.messagesReceived(),
                connection.bytesReceived());
    }

    private static String address(@Nullable InetAddress address) {
        return address == null ? "-" : address.getHostAddress();
    }

    /** Without what ends a line or moves a terminal's cursor. */
    static String printable(String text) {
        if (text.isEmpty()) {
            return "-";
        }
        StringBuilder safe = new StringBuilder();
        text.chars().limit(LONGEST).forEach(c -> safe.append(c > ' ' && c < 0x7F ? (char) c : '?'));
        return safe.toString();
    }

    @Override
    public String toString() {
        return "AccessLog[" + LOGGER + "]";
    }
}
