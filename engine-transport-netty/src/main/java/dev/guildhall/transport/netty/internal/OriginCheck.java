package dev.guildhall.transport.netty.internal;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may connect. A browser names the page's origin in each upgrade request and lets no page change it, so a page that somebody
 * lures a user to is kept away. Who is no browser sends none, or what it likes. Immutable.
 */
public final class OriginCheck {
    private static final String ANY = "*";

    private final Set<String> allowed = new HashSet<>();
    private final boolean allowsAny;

    /**
     * Pages besides those of the gateway's own host.
     *
     * @throws IllegalArgumentException if one is neither {@code *} nor an origin
     */
    public OriginCheck(List<String> origins) {
        allowsAny = origins.contains(ANY);
        for (String origin : origins) {
            if (!origin.equals(ANY)) {
                allowed.add(requireOrigin(origin));
            }
        }
    }

    /** Whether an upgrade with these headers comes from no page, or from one that may. */
    boolean allows(HttpHeaders headers) {
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        if (origins.isEmpty() || allowsAny) {
            return true;
        }
        URI origin = parse(origins.getFirst());
        return origins.size() == 1
                && origin != null
                && (isOf(origin, headers.get(HttpHeaderNames.HOST)) || allowed.contains(normal(origin)));
    }

    /** The port is not compared: a page is rarely served by the gateway's own port. */
    private static boolean isOf(URI origin, @Nullable String hostHeader) {
        return hostHeader != null
                && ("http".equalsIgnoreCase(origin.getScheme()) || "https".equalsIgnoreCase(origin.getScheme()))
                && origin.getHost().equalsIgnoreCase(GatewayUrl.withoutPort(hostHeader));
    }

    private static String requireOrigin(String text) {
        URI origin = parse(text);
        if (origin == null) {
            throw new IllegalArgumentException(
                    "allowedOrigins must hold * or scheme://host or scheme://host:port, was \"" + text + "\"");
        }
        return normal(origin);
    }

    /** Null if it is no origin. */
    private static @Nullable URI parse(String text) {
        try {
            URI origin = URI.create(text);
            return origin.getScheme() == null
                            || origin.getHost() == null
                            || origin.getRawUserInfo() != null
                            || !origin.getRawPath().isEmpty()
                            || origin.getRawQuery() != null
                            || origin.getRawFragment() != null
                    ? null
                    : origin;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String normal(URI origin) {
        String scheme = origin.getScheme().toLowerCase(Locale.ROOT);
        String host = origin.getHost().toLowerCase(Locale.ROOT);
        return scheme + "://" + host + ":" + (origin.getPort() >= 0 ? origin.getPort() : defaultPort(scheme));
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }

    @Override
    public String toString() {
        return "OriginCheck[" + (allowsAny ? ANY : allowed) + "]";
    }
}
