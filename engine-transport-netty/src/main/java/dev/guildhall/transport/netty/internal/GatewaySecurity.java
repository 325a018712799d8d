package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayTls;
import org.jspecify.annotations.Nullable;

/** Who may connect, and how; the builder documents each value. */
public record GatewaySecurity(@Nullable GatewayTls tls, OriginCheck origins, GatewayLimits limits) {

    /** What a URL of the gateway begins with. */
    String scheme() {
        return tls == null ? "ws" : "wss";
    }
}
