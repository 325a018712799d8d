package dev.guildhall.transport.netty;

import dev.guildhall.transport.netty.internal.GatewayConfig;

/**
 * Paths at which a gateway's port says how it is, in one word of JSON and nothing else. Whoever reaches the port may ask, with GET or HEAD.
 * Immutable.
 *
 * @param enabled whether there are such paths
 * @param livePath answers 200 as long as the event loops run
 * @param readyPath answers 200 if clients are let in, else 503: while the gateway is drained and when it ends
 */
public record HealthOptions(boolean enabled, String livePath, String readyPath) {
    /** {@code /health/live} and {@code /health/ready}. */
    public static final HealthOptions DEFAULT = new HealthOptions(true, "/health/live", "/health/ready");

    /** No such paths. */
    public static final HealthOptions OFF = new HealthOptions(false, "/health/live", "/health/ready");

    /**
     * Checks the paths.
     *
     * @param enabled whether there are such paths
     * @param livePath begins with a slash
     * @param readyPath begins with a slash, and is another
     * @throws IllegalArgumentException if a path is none, or both are the same
     */
    public HealthOptions {
        livePath = GatewayConfig.requirePath("livePath", livePath);
        readyPath = GatewayConfig.requirePath("readyPath", readyPath);
        if (livePath.equals(readyPath)) {
            throw new IllegalArgumentException("livePath and readyPath must not be the same, were " + livePath);
        }
    }

    /**
     * With other paths.
     *
     * @param live see {@link #livePath}
     * @param ready see {@link #readyPath}
     * @return a copy that is enabled
     * @throws IllegalArgumentException if a path is none, or both are the same
     */
    public HealthOptions withPaths(String live, String ready) {
        return new HealthOptions(true, live, ready);
    }
}
