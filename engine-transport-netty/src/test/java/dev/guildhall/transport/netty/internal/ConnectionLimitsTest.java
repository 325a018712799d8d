package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
    private final GatewayCounters counters = new GatewayCounters();
    private final ConnectionLimits limits =
            new ConnectionLimits(GatewayLimits.DEFAULT.withConnections(100, 2), counters);

    private static Channel from(String address) throws Exception {
        Channel channel = new EmbeddedChannel();
        ClientAddress.set(channel, InetAddress.getByName(address));
        return channel;
    }

    private boolean enters(Channel channel) {
        return limits.enter(channel) && limits.enterAddress(channel);
    }

    @Test
    void whatAProxySaysCounts() throws Exception {
        Channel first = from("192.0.2.1");
        assertThat(enters(first)).isTrue();
        assertThat(enters(from("192.0.2.1"))).isTrue();
        assertThat(enters(from("192.0.2.1"))).isFalse();
        assertThat(enters(from("192.0.2.2"))).isTrue();
        first.close().sync();
        assertThat(enters(from("192.0.2.1"))).isTrue();
        assertThat(enters(from("192.0.2.1"))).isFalse();
    }

    @Test
    void addressesOfOneNetworkAreOne() throws Exception {
        assertThat(enters(from("2001:db8:1:2::1"))).isTrue();
        assertThat(enters(from("2001:db8:1:2:ffff::1"))).isTrue();
        assertThat(enters(from("2001:db8:1:2:0:1::"))).isFalse();
        assertThat(enters(from("2001:db8:1:3::1"))).isTrue();
    }

    @Test
    void whoeverHasNoAddressIsCountedInTotal() {
        for (int i = 0; i < 3; i++) {
            assertThat(enters(new EmbeddedChannel())).isTrue();
        }
        assertThat(limits.open()).isEqualTo(3);
    }

    @Test
    void nothingIsLeftOfThoseThatAreGone() throws Exception {
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            Channel channel = from("198.51.100." + i % 50);
            channels.add(channel);
            enters(channel);
        }
        assertThat(limits.open()).isEqualTo(100);
        assertThat(counters.refusals(Refusal.TOO_MANY)).isEqualTo(50);
        assertThat(limits.addresses()).isEqualTo(50);
        for (Channel channel : channels) {
            channel.close().sync();
        }
        assertThat(limits.open()).isZero();
        assertThat(limits.addresses()).isZero();
    }

    @Test
    void manyThreadsLeaveNothing() throws Exception {
        Callable<Boolean> comingAndGoing = () -> {
            for (int i = 0; i < 20_000; i++) {
                Channel channel = from("203.0.113." + i % 3);
                enters(channel);
                channel.close().sync();
            }
            return true;
        };
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> done : pool.invokeAll(Collections.nCopies(4, comingAndGoing))) {
                assertThat(done.get()).isTrue();
            }
        }
        assertThat(limits.open()).isZero();
        assertThat(limits.addresses()).isZero();
    }
}
