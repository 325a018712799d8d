package dev.guildhall.transport.netty.internal;

import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.Authenticator;
import dev.guildhall.transport.netty.EventEncoder;
import dev.guildhall.transport.netty.GatewayCompression;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.IoMode;
import dev.guildhall.transport.netty.OpcodeHandler;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the builder collected, checked once; the builder documents each value. */
public record GatewayConfig(
        String host,
        int port,
        String path,
        @Nullable URI gatewayUrl,
        IoMode io,
        int eventLoops,
        Authenticator authenticator,
        GatewayListener listener,
        Map<Integer, OpcodeHandler> opcodes,
        Map<String, EventEncoder> encoders,
        Duration heartbeatInterval,
        Duration identifyTimeout,
        SessionOptions sessionOptions,
        int maxInboundBytes,
        int maxMessages,
        Duration messageWindow,
        GatewaySecurity security,
        GatewayCompression compression,
        GatewayOperation operation) {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Checks every value against its bounds. */
    public GatewayConfig {
        requireRange("port", port, 0, 65_535);
        requireRange("eventLoops", eventLoops, 1, 256);
        requireRange("maxInboundBytes", maxInboundBytes, 128, 1 << 20);
        requireRange("maxMessages", maxMessages, 1, 1 << 20);
        requireRange("messageWindow", messageWindow);
        requireRange("heartbeatInterval", heartbeatInterval);
        requireRange("identifyTimeout", identifyTimeout);
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be blank");
        }
        if (gatewayUrl != null && (!gatewayUrl.isAbsolute() || gatewayUrl.getRawQuery() != null)) {
            throw new IllegalArgumentException("gatewayUrl must be absolute and without a query, was " + gatewayUrl);
        }
        path = requirePath("path", path);
        requireFitting(security, operation);
        opcodes = Map.copyOf(opcodes);
        encoders = Map.copyOf(encoders);
    }

    /** Where there are streams of events, if they are enabled. */
    String eventsPath() {
        return (path.equals("/") ? "" : path) + "/events";
    }

    /** Whether requests for a path are for streams of events. */
    boolean isOfEvents(String rawPath) {
        return operation.eventStreams().enabled()
                && (withoutTrailingSlash(rawPath).equals(eventsPath()) || rawPath.startsWith(eventsPath() + "/"));
    }

    /** Whether requests for a path are for the gateway, mounted or not. */
    boolean isOfGateway(String rawPath) {
        return withoutTrailingSlash(rawPath).equals(path) || isOfEvents(rawPath);
    }

    /** A path as it is compared: clients may or may not add a slash before their query. */
    static String withoutTrailingSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** The path as it is compared; throws if it is none. */
    public static String requirePath(String name, String path) {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c == '?' || c == '#')) {
            throw new IllegalArgumentException(
                    name + " must begin with / and hold no space, ? or #, was \"" + path + "\"");
        }
        return withoutTrailingSlash(path);
    }

    private static void requireFitting(GatewaySecurity security, GatewayOperation operation) {
        if (operation.mounted()
                && (security.tls() != null
                        || !operation.proxies().proxyProtocolFrom().isEmpty())) {
            throw new IllegalArgumentException(
                    "tls and proxyProtocolFrom are the application's where a gateway is mounted");
        }
    }

    /** Throws if a number is out of its bounds. */
    public static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", was " + value);
        }
    }

    /** Throws if a time is not between 10 ms and an hour. */
    public static void requireRange(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be between " + SHORTEST + " and " + LONGEST + ", was " + value);
        }
    }
}
