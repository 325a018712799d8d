package dev.guildhall.transport.netty;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's wish to go on with a session, or to send it a command beside a stream of events.
 *
 * @param token the secret it proves itself with; a leading {@code "Bot "} was taken off
 * @param address from where the client comes now, as the {@linkplain ProxyOptions proxies} say that are trusted; null if it is not by IP.
 *     {@link Identify#address} says from where the session began
 */
public record Resume(String token, @Nullable InetAddress address) {

    /**
     * Checks the parts.
     *
     * @param token the secret
     * @param address from where the client comes
     */
    public Resume {
        Objects.requireNonNull(token, "token");
    }

    /**
     * For logs.
     *
     * @return the address only, never the token
     */
    @Override
    public String toString() {
        return "Resume[address=" + address + "]";
    }
}
