package dev.guildhall.examples.chat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a chat server is set up.
 *
 * @param host address to listen on; {@value #DEFAULT_HOST} is for this machine only
 * @param port of the page and REST, 0 for any free one
 * @param gatewayPort of the gateway, 0 for any free one
 * @param gatewayUrl how clients reach the gateway, for instance behind a proxy; null if by the host under which they reach the page, at
 *     the gateway's port
 * @param allowedOrigins pages that may use the gateway besides those of its own host, for a page and a gateway with names of their own behind
 *     a proxy
 * @param data folder of the database
 */
public record ChatOptions(
        String host, int port, int gatewayPort, @Nullable URI gatewayUrl, List<String> allowedOrigins, Path data) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 8080;
    public static final String DEFAULT_DATA = "guildhall-data";

    private static final int MAX_PORT = 65_535;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException names the value and the bound
     */
    public ChatOptions {
        allowedOrigins = List.copyOf(allowedOrigins);
        check("port", port);
        check("gateway port", gatewayPort);
        if (port != 0 && port == gatewayPort) {
            throw new IllegalArgumentException("The gateway needs a port of its own, but both are " + port);
        }
    }

    /** A server whose page is served by the host that the gateway has too. */
    ChatOptions(String host, int port, int gatewayPort, @Nullable URI gatewayUrl, Path data) {
        this(host, port, gatewayPort, gatewayUrl, List.of(), data);
    }

    /**
     * A server for this machine on any free ports.
     *
     * @param data folder of the database
     * @return the options
     */
    public static ChatOptions anyPort(Path data) {
        return new ChatOptions(DEFAULT_HOST, 0, 0, null, data);
    }

    private static void check(String name, int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("The " + name + " must be from 0 to " + MAX_PORT + ", was " + port);
        }
    }
}
