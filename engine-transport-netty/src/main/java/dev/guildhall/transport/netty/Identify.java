package dev.guildhall.transport.netty;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client's wish to start a session.
 *
 * @param token the secret it proves itself with; a leading {@code "Bot "} was taken off
 * @param intents interest bits, not negative; which bits exist is the application's to say
 * @param data the whole {@code d} of the message, the token included; must not be changed
 * @param address from where the client came, as the {@linkplain ProxyOptions proxies} say that are trusted; null if it was not by IP
 */
public record Identify(
        String token, long intents, JsonNode data, @Nullable InetAddress address) {

    /**
     * Checks the parts.
     *
     * @param token the secret
     * @param intents interest bits
     * @param data the whole {@code d}
     * @param address from where the client came
     * @throws IllegalArgumentException if the intents are negative
     */
    public Identify {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(data, "data");
        if (intents < 0) {
            throw new IllegalArgumentException("intents must not be negative, was " + intents);
        }
    }

    /**
     * For logs.
     *
     * @return the intents only, never the token
     */
    @Override
    public String toString() {
        return "Identify[intents=" + intents + "]";
    }
}
