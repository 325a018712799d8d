package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts a gateway's connections, in total and by address, so that there are not too many.
 *
 * <p><b>Threads.</b> Any. A place is taken before it is known to be free and given back if it is not, so there are never more than allowed,
 * and one that is just given back may be refused. An address that nobody comes from is forgotten by the same step that counts its last
 * connection out.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of adding a listener, which is the same future
final class ConnectionLimits {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

    /** The first 64 bits of an IPv6 address, which one customer of a provider commonly has for himself. */
    private record Network(long prefix) {}

    private final GatewayLimits limits;
    private final GatewayCounters counters;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<Object, Integer> byAddress = new ConcurrentHashMap<>();
    private final FrameRate log = new FrameRate(1, TimeUnit.MINUTES.toNanos(1));

    ConnectionLimits(GatewayLimits limits, GatewayCounters counters) {
        this.limits = limits;
        this.counters = counters;
    }

    /** Counts a connection until it is closed; false if there are too many. */
    boolean enter(Channel channel) {
        if (open.incrementAndGet() > limits.maxConnections()) {
            open.decrementAndGet();
            counters.refused(Refusal.TOO_MANY);
            logRefused();
            return false;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        return true;
    }

    /** Counts a connection for its address, which is known now, until it is closed; false if there are too many. */
    boolean enterAddress(Channel channel) {
        Object address = keyOf(ClientAddress.of(channel));
        if (address == null) {
            return true;
        }
        if (byAddress.merge(address, 1, Integer::sum) > limits.maxConnectionsPerAddress()) {
            leave(address);
            counters.refused(Refusal.TOO_MANY_FROM_ADDRESS);
            logRefused();
            return false;
        }
        channel.closeFuture().addListener(closed -> leave(address));
        return true;
    }

    private void leave(Object address) {
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Number of connections that are there. */
    int open() {
        return open.get();
    }

    /** Number of addresses that are remembered. */
    int addresses() {
        return byAddress.size();
    }

    private static @Nullable Object keyOf(@Nullable InetAddress address) {
        return address instanceof Inet6Address
                ? new Network(ByteBuffer.wrap(address.getAddress()).getLong())
                : address;
    }

    private void logRefused() {
        synchronized (log) {
            if (!log.tryCount(System.nanoTime())) {
                return;
            }
        }
        LOG.warn(
                "Connections are refused: {} so far since {} were open, {} since {} were open from their address",
                counters.refusals(Refusal.TOO_MANY),
                limits.maxConnections(),
                counters.refusals(Refusal.TOO_MANY_FROM_ADDRESS),
                limits.maxConnectionsPerAddress());
    }

    @Override
    public String toString() {
        return "ConnectionLimits[" + open + " open]";
    }
}
