package dev.guildhall.transport.netty;

import dev.guildhall.transport.netty.internal.GatewayConfig;
import java.time.Duration;

/**
 * Server-sent events for clients whose network lets no WebSocket through: at the gateway's path with {@code /events} after it. Immutable.
 *
 * @param enabled whether there is such a path
 * @param tokenInQuery whether a token may be in the query, as a browser's {@code EventSource} needs it, which cannot set headers. URLs are
 *     written down by proxies, by browsers and in many logs, though not in this gateway's: allow it for tokens that are worth little or not
 *     for long only
 * @param retry after which time clients are told to come back, 10 ms to 1 h; all at once are told up to half as long or as short again
 */
public record EventStreamOptions(boolean enabled, boolean tokenInQuery, Duration retry) {
    /** No such path: who does without it has less to look after, and nobody is let in by an HTTP request. */
    public static final EventStreamOptions OFF = new EventStreamOptions(false, false, Duration.ofSeconds(3));

    /** With the token in a header, and 3 s to come back. */
    public static final EventStreamOptions ON = new EventStreamOptions(true, false, Duration.ofSeconds(3));

    /**
     * Checks the values.
     *
     * @param enabled whether there is such a path
     * @param tokenInQuery whether a token may be in the query
     * @param retry after which time clients come back
     * @throws IllegalArgumentException if the time is out of its bounds
     */
    public EventStreamOptions {
        GatewayConfig.requireRange("retry", retry);
    }

    /**
     * With tokens in queries or without.
     *
     * @param allowed see {@link #tokenInQuery}
     * @return a copy
     */
    public EventStreamOptions withTokenInQuery(boolean allowed) {
        return new EventStreamOptions(enabled, allowed, retry);
    }

    /**
     * With another time to come back.
     *
     * @param time see {@link #retry}
     * @return a copy
     * @throws IllegalArgumentException if it is out of its bounds
     */
    public EventStreamOptions withRetry(Duration time) {
        return new EventStreamOptions(enabled, tokenInQuery, time);
    }
}
