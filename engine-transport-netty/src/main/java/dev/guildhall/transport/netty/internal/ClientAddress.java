package dev.guildhall.transport.netty.internal;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** From where a client came: what a proxy in front of the gateway said, or else the other end of the connection. Any thread. */
final class ClientAddress {
    private static final AttributeKey<InetAddress> SAID = AttributeKey.valueOf(ClientAddress.class, "said");

    private ClientAddress() {}

    /** The client's address; null if it came by something else than IP. */
    static @Nullable InetAddress of(Channel channel) {
        InetAddress said = channel.attr(SAID).get();
        if (said != null) {
            return said;
        }
        return channel.remoteAddress() instanceof InetSocketAddress peer ? peer.getAddress() : null;
    }

    /** A proxy that is trusted has said for whom it connects. */
    static void set(Channel channel, InetAddress address) {
        channel.attr(SAID).set(address);
    }
}
