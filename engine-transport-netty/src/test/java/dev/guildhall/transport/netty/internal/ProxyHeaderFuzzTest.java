package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.ClientFrame;
import dev.guildhall.transport.netty.GatewayCompression;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import dev.guildhall.transport.netty.NothingWrongLogged;
import dev.guildhall.transport.netty.ProxyOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever a proxy begins a connection with, the client behind it is served under the address that the header tells, or the connection ends, and is
 * counted; no exception passes the gateway's handlers and no buffer is left behind, wherever the network cuts it.
 *
 * <p>Each case has a seed of its own. A failure names it; with {@code -Dguildhall.seed=N} it is the first to run again.
 */
@Timeout(300)
@ExtendWith(NothingWrongLogged.Strict.class)
class ProxyHeaderFuzzTest {
    private static final int CASES = Integer.getInteger("guildhall.fuzz.cases", 600);
    private static final int HANDSHAKE_SECONDS = 10;
    private static final byte[] REQUEST = EmbeddedClient.UPGRADE.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IDENTIFY = ClientFrame.text("{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}");

    private final long first = Long.getLong("guildhall.seed", System.nanoTime());
    private final EmbeddedGateway gateway = new EmbeddedGateway(
            first,
            120,
            GatewayCompression.DEFAULT,
            ProxyOptions.NONE.withProxyProtocolFrom(EmbeddedGateway.PROXY.getHostAddress()));

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void headers() {
        System.out.println("from -Dguildhall.seed=" + first);
        for (long seed = first; seed != first + CASES; seed++) {
            try {
                run(FuzzProxyHeader.of(seed), new Random(seed));
            } catch (Throwable e) {
                throw new AssertionError("with -Dguildhall.seed=" + seed, e);
            }
        }
    }

    private void run(FuzzProxyHeader header, Random random) {
        byte[] all = ClientFrame.concat(header.bytes(), REQUEST, IDENTIFY);
        long refused = refused();
        EmbeddedClient client = gateway.connect();
        client.sendChopped(all, random.nextBoolean() ? all.length : 1 + random.nextInt(60));
        switch (header.outcome()) {
            case ACCEPTED -> isServed(client, header);
            case CUT -> {
                assertThat(client.peek()).isEmpty();
                assertThat(client.isOpen()).isFalse();
                assertThat(refused()).isEqualTo(refused + 1);
            }
            case ANYTHING -> isServedOrEnds(client);
        }
        endsWithoutTrace(client);
    }

    private void isServed(EmbeddedClient client, FuzzProxyHeader header) {
        assertThat(client.takeHead()).startsWith("HTTP/1.1 101 ");
        assertThat(client.next().text()).contains("\"op\":10");
        assertThat(client.next().text()).contains("READY");
        client.isLeftAlone();
        assertThat(gateway.lastAddress()).isEqualTo(header.client() == null ? EmbeddedGateway.PROXY : header.client());
    }

    private static void isServedOrEnds(EmbeddedClient client) {
        String answer = client.peek();
        if (answer.startsWith("HTTP/1.1 101 ")) {
            return;
        }
        if (!answer.isEmpty()) {
            assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*\r\n\r\n\\{\"message\":\"[^\"]*\",\"code\":0}");
        }
        client.advance(HANDSHAKE_SECONDS);
        assertThat(client.isOpen()).isFalse();
    }

    private void endsWithoutTrace(EmbeddedClient client) {
        client.vanish();
        gateway.settle();
        assertThat(gateway.retainedBytes()).isZero();
        assertThat(gateway.sessions()).isZero();
    }

    private long refused() {
        return gateway.stats().refused(Refusal.PROXY_HEADER);
    }

    /** In two pieces, and of one of which the rest never comes. */
    @Test
    void headersThatAreCutAtEveryPlace() {
        System.out.println("-Dguildhall.seed=" + first);
        for (FuzzProxyHeader header :
                new FuzzProxyHeader[] {headerOf(0x11), headerOf(0x21), headerOf(0x31), headerOf(0)}) {
            byte[] bytes = header.bytes();
            byte[] rest = ClientFrame.concat(REQUEST, IDENTIFY);
            for (int cut = 0; cut < bytes.length; cut++) {
                EmbeddedClient client = gateway.connect();
                client.send(Arrays.copyOf(bytes, cut));
                assertThat(client.isOpen()).as("cut at %s", cut).isTrue();
                client.send(ClientFrame.concat(Arrays.copyOfRange(bytes, cut, bytes.length), rest));
                isServed(client, header);
                endsWithoutTrace(client);

                EmbeddedClient gone = gateway.connect();
                gone.send(Arrays.copyOf(bytes, cut));
                endsWithoutTrace(gone);

                EmbeddedClient silent = gateway.connect();
                silent.send(Arrays.copyOf(bytes, cut));
                silent.advance(HANDSHAKE_SECONDS);
                assertThat(silent.isOpen()).as("cut at %s", cut).isFalse();
                endsWithoutTrace(silent);
            }
        }
        assertThat(refused()).isZero();
    }

    /** Any good one of a family. */
    private FuzzProxyHeader headerOf(int family) {
        Random random = new Random(first);
        FuzzProxyHeader header = FuzzProxyHeader.goodOf(random);
        while (header.bytes()[13] != family || header.bytes().length > 300) {
            header = FuzzProxyHeader.goodOf(random);
        }
        return header;
    }
}
