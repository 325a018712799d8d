package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.GatewayStats.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Proxies that say for whom they connect, and those who only say so. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.class)
class GatewayProxyTest {
    private static final byte[] V2 = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final String LOOPBACK = "127.0.0.0/8";

    private static TestGateway behind(ProxyOptions proxies) {
        return TestGateway.open(b -> b.proxies(proxies).limits(GatewayLimits.DEFAULT.withConnections(100, 1)));
    }

    private static TestGateway proxyProtocol() {
        return behind(ProxyOptions.NONE.withProxyProtocolFrom(LOOPBACK));
    }

    private static byte[] v2(int command, int family, byte[] addresses) {
        return ByteBuffer.allocate(V2.length + 4 + addresses.length)
                .put(V2)
                .put((byte) (0x20 | command))
                .put((byte) family)
                .putShort((short) addresses.length)
                .put(addresses)
                .array();
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String forwarded(String headers) {
        return RawClient.upgradeRequest().replace("Upgrade:", headers + "Upgrade:");
    }

    /** Identifies over a connection that is upgraded, and answers what the authenticator sees. */
    private static InetAddress seen(TestGateway gateway, RawClient client) throws Exception {
        client.read();
        client.send("{\"op\":2,\"d\":{\"token\":\"user:ann\",\"intents\":0}}");
        InetAddress address = gateway.nextReady().identify().address();
        assertThat(address).isNotNull();
        return address;
    }

    private static InetAddress seenAfter(TestGateway gateway, byte[] header) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            ByteArrayOutputStream both = new ByteArrayOutputStream(); // in one segment, so that some is left over
            both.write(header);
            both.write(RawClient.upgradeRequest().getBytes(StandardCharsets.US_ASCII));
            client.write(both.toByteArray());
            assertThat(client.http("")).startsWith("HTTP/1.1 101 ");
            return seen(gateway, client);
        }
    }

    // --- PROXY protocol

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443, 203.0.113.7",
        "PROXY TCP6 2001:db8::7 2001:db8::1 56324 443, 2001:db8::7",
        "PROXY UNKNOWN, 127.0.0.1",
        "PROXY UNKNOWN ffff::1 ffff::2 1 2, 127.0.0.1"
    })
    void versionOne(String line, String address) throws Exception {
        try (TestGateway gateway = proxyProtocol()) {
            assertThat(seenAfter(gateway, v1(line))).isEqualTo(InetAddress.ofLiteral(address));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 11, cb007107c0000201dc0401bb, 203.0.113.7",
        "1, 11, cb007107c0000201dc0401bb04000177, 203.0.113.7",
        "1, 21, 20010db800000000000000000000000720010db8000000000000000000000001dc0401bb, 2001:db8::7",
        "0, 00, '', 127.0.0.1",
        "0, 11, cb007107c0000201dc0401bb, 127.0.0.1",
        "1, 00, '', 127.0.0.1"
    })
    void versionTwo(int command, String family, String addresses, String address) throws Exception {
        byte[] header = v2(command, Integer.parseInt(family, 16), HexFormat.of().parseHex(addresses));
        try (TestGateway gateway = proxyProtocol()) {
            assertThat(seenAfter(gateway, header)).isEqualTo(InetAddress.ofLiteral(address));
        }
    }

    @Test
    void theHeaderMayComeByteByByte() throws Exception {
        try (TestGateway gateway = proxyProtocol();
                RawClient client = new RawClient(gateway.port())) {
            for (byte b : v1("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443")) {
                client.write(new byte[] {b});
            }
            assertThat(client.http(RawClient.upgradeRequest())).startsWith("HTTP/1.1 101 ");
            assertThat(seen(gateway, client)).isEqualTo(InetAddress.ofLiteral("203.0.113.7"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /gateway HTTP/1.1",
                "PROXY TCP4 203.0.113.7 192.0.2.1 56324",
                "PROXY TCP4 203.0.113.700 192.0.2.1 56324 443",
                "PROXY TCP4 203.0.113.7 192.0.2.1 56324 70000",
                "PROXY TCP9 203.0.113.7 192.0.2.1 56324 443",
                "proxy tcp4 203.0.113.7 192.0.2.1 56324 443",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    void aBrokenHeaderEndsTheConnectionAndIsCounted(String line) throws Exception {
        try (TestGateway gateway = proxyProtocol()) {
            assertCutAndCounted(gateway, v1(line));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 11, cb007107", "5, 11, cb007107c0000201dc0401bb", "1, 77, cb007107c0000201dc0401bb"})
    void aBrokenBinaryHeaderEndsTheConnectionAndIsCounted(int command, String family, String addresses)
            throws Exception {
        try (TestGateway gateway = proxyProtocol()) {
            assertCutAndCounted(
                    gateway,
                    v2(command, Integer.parseInt(family, 16), HexFormat.of().parseHex(addresses)));
        }
    }

    @Test
    void whoMayNotSpeakForOthersIsCut() throws Exception {
        try (TestGateway gateway = behind(ProxyOptions.NONE.withProxyProtocolFrom("10.0.0.0/8"))) {
            assertCutAndCounted(gateway, v1("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443"));
        }
    }

    private static void assertCutAndCounted(TestGateway gateway, byte[] bytes) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            try {
                client.write(bytes);
            } catch (IOException e) {
                // cut already
            }
            assertThat(client.isCut()).isTrue();
        }
        while (gateway.transport().stats().refused(Refusal.PROXY_HEADER) != 1) {
            Thread.onSpinWait(); // counted just after it is cut; ends by the class's time limit
        }
        assertThat(gateway.transport().stats().open()).isZero();
    }

    @Test
    void whoSendsNoHeaderIsCutInTime() throws Exception {
        GatewayLimits limits = GatewayLimits.DEFAULT.withHandshakeTimeout(Duration.ofMillis(200));
        try (TestGateway gateway = TestGateway.open(b -> b.proxies(ProxyOptions.NONE.withProxyProtocolFrom(LOOPBACK))
                        .limits(limits));
                RawClient client = new RawClient(gateway.port())) {
            client.write("PROXY".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.isCut()).isTrue();
            assertThat(gateway.transport().stats().refused(Refusal.TIMED_OUT)).isOne();
        }
    }

    @Test
    void theLimitIsOfTheAddressInTheHeader() throws Exception {
        byte[] header = v1("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443");
        try (TestGateway gateway = proxyProtocol();
                RawClient first = new RawClient(gateway.port());
                RawClient second = new RawClient(gateway.port());
                RawClient other = new RawClient(gateway.port())) {
            first.write(header);
            assertThat(first.http(RawClient.upgradeRequest())).startsWith("HTTP/1.1 101 ");
            second.write(header);
            assertThat(second.http(RawClient.upgradeRequest())).startsWith("HTTP/1.1 429 ");
            other.write(v1("PROXY TCP4 203.0.113.8 192.0.2.1 56324 443"));
            assertThat(other.http(RawClient.upgradeRequest())).startsWith("HTTP/1.1 101 ");
            assertThat(gateway.transport().stats().refused(Refusal.TOO_MANY_FROM_ADDRESS))
                    .isOne();
        }
    }

    // --- X-Forwarded-For

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "none",
            value = {
                "none; 127.0.0.1",
                "203.0.113.7; 203.0.113.7",
                "198.51.100.1, 203.0.113.7; 203.0.113.7",
                "203.0.113.7, 10.1.1.1; 203.0.113.7",
                "1.2.3.4, 203.0.113.7,10.1.1.1 , 10.2.2.2; 203.0.113.7",
                "10.1.1.1, 10.2.2.2; 10.1.1.1",
                "2001:db8::7; 2001:db8::7",
                "203.0.113.7:4711; 203.0.113.7",
                "[2001:db8::7]:4711; 2001:db8::7",
                "203.0.113.7, unknown; 127.0.0.1",
                "unknown, 203.0.113.7; 203.0.113.7",
                "203.0.113.7, , 10.1.1.1; 10.1.1.1",
                "localhost; 127.0.0.1",
                "[2001:db8::7; 127.0.0.1"
            })
    void theLastAddressThatIsNoProxyIsTheClient(@Nullable String header, String address) throws Exception {
        try (TestGateway gateway = behind(ProxyOptions.NONE.withForwardedForFrom(LOOPBACK, "10.0.0.0/8"));
                RawClient client = new RawClient(gateway.port())) {
            String request = forwarded(header == null ? "" : "X-Forwarded-For: " + header + "\r\n");
            assertThat(client.http(request)).startsWith("HTTP/1.1 101 ");
            assertThat(seen(gateway, client)).isEqualTo(InetAddress.ofLiteral(address));
        }
    }

    @Test
    void severalHeadersAreOneList() throws Exception {
        try (TestGateway gateway = behind(ProxyOptions.NONE.withForwardedForFrom(LOOPBACK, "10.1.1.1"));
                RawClient client = new RawClient(gateway.port())) {
            client.http(forwarded("X-Forwarded-For: 1.2.3.4, 203.0.113.7\r\nX-Forwarded-For: 10.1.1.1\r\n"));
            assertThat(seen(gateway, client)).isEqualTo(InetAddress.ofLiteral("203.0.113.7"));
        }
    }

    @Test
    void aStrangerSpeaksForNobody() throws Exception {
        for (ProxyOptions proxies :
                new ProxyOptions[] {ProxyOptions.NONE, ProxyOptions.NONE.withForwardedForFrom("10.0.0.0/8", "::1")}) {
            try (TestGateway gateway = behind(proxies);
                    RawClient client = new RawClient(gateway.port())) {
                assertThat(client.http(forwarded("X-Forwarded-For: 203.0.113.7\r\n")))
                        .startsWith("HTTP/1.1 101 ");
                assertThat(seen(gateway, client)).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
                try (RawClient second = new RawClient(gateway.port())) {
                    assertThat(second.http(forwarded("X-Forwarded-For: 203.0.113.8\r\n")))
                            .startsWith("HTTP/1.1 429 ");
                }
            }
        }
    }

    @Test
    void theLimitIsOfTheForwardedAddress() throws Exception {
        try (TestGateway gateway = behind(ProxyOptions.NONE.withForwardedForFrom(LOOPBACK));
                RawClient first = new RawClient(gateway.port());
                RawClient second = new RawClient(gateway.port());
                RawClient other = new RawClient(gateway.port())) {
            assertThat(first.http(forwarded("X-Forwarded-For: 203.0.113.7\r\n")))
                    .startsWith("HTTP/1.1 101 ");
            assertThat(second.http(forwarded("X-Forwarded-For: 203.0.113.7\r\n").repeat(3)))
                    .startsWith("HTTP/1.1 429 ");
            assertThat(second.readToCut()).isEqualTo("{\"message\":\"429: too many connections\",\"code\":0}");
            assertThat(other.http(forwarded("X-Forwarded-For: 203.0.113.8\r\n")))
                    .startsWith("HTTP/1.1 101 ");
            assertThat(gateway.transport().stats().refused(Refusal.TOO_MANY_FROM_ADDRESS))
                    .isOne();
        }
    }

    // --- who comes back

    @Test
    void aResumeIsAskedAboutWithTheAddressThatItComesFrom() throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        Authenticator authenticator = new Authenticator() {
            @Override
            public Authentication authenticate(Identify identify) {
                return Authentication.accepted("ann", JsonMapper.shared().createObjectNode());
            }

            @Override
            public boolean mayResume(GatewaySession session, Resume resume) throws Exception {
                asked.add(session.identify().address() + " " + resume);
                return Authenticator.super.mayResume(session, resume);
            }
        };
        ProxyOptions proxies = ProxyOptions.NONE.withForwardedForFrom(LOOPBACK);
        try (TestGateway gateway = TestGateway.open(b -> b.proxies(proxies)
                .authenticator(authenticator)
                .eventStreams(EventStreamOptions.ON)
                .sessionOptions(SessionOptions.DEFAULT))) {
            String session;
            try (RawClient client = new RawClient(gateway.port())) {
                client.http(forwarded("X-Forwarded-For: 203.0.113.7\r\n"));
                client.read();
                client.send("{\"op\":2,\"d\":{\"token\":\"any\",\"intents\":0}}");
                session = gateway.nextReady().session().id();
            }
            try (RawClient client = new RawClient(gateway.port())) {
                client.http(forwarded("X-Forwarded-For: 203.0.113.8\r\n"));
                client.read();
                client.send("{\"op\":6,\"d\":{\"token\":\"any\",\"session_id\":\"" + session + "\",\"seq\":1}}");
                assertThat(client.read().text()).contains("RESUMED");
                assertThat(asked.take()).isEqualTo("/203.0.113.7 Resume[address=/203.0.113.8]");
            }
            try (EventStreamClient stream = EventStreamClient.open(
                    gateway,
                    "?intents=0&lastEventId=" + session + ".0000000002",
                    b -> b.header("Authorization", "any").header("X-Forwarded-For", "203.0.113.9"))) {
                stream.next("HELLO");
                stream.dispatch("RESUMED");
                assertThat(asked.take()).isEqualTo("/203.0.113.7 Resume[address=/203.0.113.9]");
                assertThat(EventStreamClient.post(gateway, session, "any", "{\"op\":1,\"d\":3}")
                                .statusCode())
                        .isEqualTo(202);
                assertThat(asked.take()).isEqualTo("/203.0.113.7 Resume[address=/127.0.0.1]");
            }
        }
    }

    // --- networks

    @ParameterizedTest
    @ValueSource(
            strings = {"", "proxy.example", "localhost/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "10/8x"
            })
    void networksAreAddresses(String network) {
        assertThatThrownBy(() -> ProxyOptions.NONE.withForwardedForFrom(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("forwardedForFrom", "\"" + network + "\"");
        assertThatThrownBy(() -> ProxyOptions.NONE.withProxyProtocolFrom("10.0.0.0/8", network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("proxyProtocolFrom", "\"" + network + "\"");
    }
}
