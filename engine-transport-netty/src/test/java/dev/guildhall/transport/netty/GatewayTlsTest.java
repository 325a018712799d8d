package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Event;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProtocols;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The gateway with TLS, and certificates that are renewed while it runs. */
@Timeout(120)
@ExtendWith(NothingWrongLogged.class)
class GatewayTlsTest {
    private final X509Bundle first;
    private final X509Bundle second;

    @TempDir
    private Path folder = Path.of("");

    private Certificates files = Certificates.in(folder);

    GatewayTlsTest() throws Exception {
        first = Certificates.create();
        second = Certificates.create();
    }

    @BeforeEach
    void write() throws Exception {
        files = Certificates.in(folder);
        files.write(first);
    }

    private GatewayTls pem() throws IOException {
        return GatewayTls.pem(files.chain(), files.key());
    }

    private GatewayTls pkcs12(String password) throws IOException {
        return GatewayTls.pkcs12(files.keyStore(), password.toCharArray());
    }

    private static TestGateway open(GatewayTls tls) {
        return TestGateway.open(builder -> builder.host("localhost").tls(tls));
    }

    @Test
    void eventsComeThroughTls() throws Exception {
        try (TestGateway gateway = open(pem());
                HttpClient http = HttpClient.newBuilder()
                        .sslContext(Certificates.trusting(first))
                        .build();
                TestClient client = TestClient.connect(http, gateway.url())) {
            assertThat(gateway.url()).hasScheme("wss");
            assertThat(client.next().get("op").intValue()).isEqualTo(10);
            client.identify("user:ann");
            JsonNode ready = client.next().get("d");
            assertThat(URI.create(ready.get("resume_gateway_url").stringValue()))
                    .isEqualTo(gateway.url());
            gateway.nextReady();
            String large = "\"" + "x".repeat(200_000) + "\"";
            for (int i = 0; i < 20; i++) {
                gateway.guild().publish(Event.of("LARGE", large));
            }
            for (int i = 0; i < 20; i++) {
                JsonNode message = client.next();
                assertThat(message.get("s").intValue()).isEqualTo(i + 2);
                assertThat(message.get("d").stringValue()).hasSize(200_000);
            }
            client.leave(1000);
            assertThat(client.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aProxySaysForWhomItConnectsBeforeTls() throws Exception {
        ProxyOptions proxies = ProxyOptions.NONE.withProxyProtocolFrom("127.0.0.0/8", "::1");
        GatewayLimits limits = GatewayLimits.DEFAULT.withConnections(100, 1);
        AccessLogRecorder log = new AccessLogRecorder();
        GatewayTls tls = pem();
        byte[] clientHello = new byte[200];
        System.arraycopy(new byte[] {22, 3, 1, 0, (byte) 195, 1, 0, 0, (byte) 191, 3, 3}, 0, clientHello, 0, 11);
        String header = "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n";
        try (TestGateway gateway = TestGateway.open(
                        b -> b.tls(tls).proxies(proxies).limits(limits).accessLog(log));
                SSLSocket socket = Certificates.connect(gateway.port(), header)) {
            socket.getOutputStream().write("GET /health/live HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
            assertThat(log.nextRequest().address()).isEqualTo(InetAddress.ofLiteral("203.0.113.7"));
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                plain.getOutputStream().write(clientHello);
                assertThat(plain.getInputStream().read()).isNegative(); // no PROXY header
            }
            while (gateway.transport().stats().refused(GatewayStats.Refusal.PROXY_HEADER) != 1) {
                Thread.onSpinWait(); // counted just after it is cut; ends by the class's time limit
            }
        }
    }

    @Test
    void certificatesComeFromPkcs12AndFromTheApplication() throws Exception {
        try (TestGateway gateway = open(pkcs12(Certificates.PASSWORD))) {
            assertThat(Certificates.shownBy(gateway.port())).isEqualTo(first.getCertificate());
        }
        GatewayTls own = GatewayTls.of(
                SslContextBuilder.forServer(first.toKeyManagerFactory()).build());
        try (TestGateway gateway = open(own)) {
            assertThat(Certificates.shownBy(gateway.port())).isEqualTo(first.getCertificate());
            own.replace(
                    SslContextBuilder.forServer(second.toKeyManagerFactory()).build());
            assertThat(Certificates.shownBy(gateway.port())).isEqualTo(second.getCertificate());
        }
    }

    @Test
    void aRenewedCertificateIsForNewConnections() throws Exception {
        GatewayTls tls = pem();
        try (TestGateway gateway = open(tls);
                HttpClient http = HttpClient.newBuilder()
                        .sslContext(Certificates.trusting(first))
                        .build();
                TestClient before = TestClient.connect(http, gateway.url())) {
            before.next();
            before.identify("user:ann");
            before.next();
            gateway.nextReady();
            files.write(second);
            assertThat(Certificates.shownBy(gateway.port())).isEqualTo(first.getCertificate());
            tls.reload();
            assertThat(Certificates.shownBy(gateway.port())).isEqualTo(second.getCertificate());
            gateway.guild().publish(Event.of("STILL_HERE", "{}"));
            assertThat(before.next().get("t").stringValue()).isEqualTo("STILL_HERE");
        }
    }

    @Test
    void aReloadThatFailsChangesNothingAndSaysWhy() throws Exception {
        GatewayTls tls = pem();
        GatewayTls store = pkcs12(Certificates.PASSWORD);
        try (TestGateway gateway = open(tls)) {
            Files.writeString(files.key(), second.getPrivateKeyPEM()); // half renewed
            refuses(tls::reload, files.key().toString(), "the key is not the certificate's");
            Files.writeString(files.chain(), "nonsense");
            refuses(tls::reload, files.chain().toString(), "certificates");
            files.write(second);
            Files.writeString(files.key(), "nonsense");
            refuses(tls::reload, files.key().toString(), "private key");
            Files.delete(files.key());
            refuses(tls::reload, "there is no file " + files.key());
            Files.writeString(files.keyStore(), "nonsense");
            refuses(store::reload, files.keyStore().toString());
            assertThat(Certificates.shownBy(gateway.port())).isEqualTo(first.getCertificate());
            files.write(second);
            tls.reload();
            assertThat(Certificates.shownBy(gateway.port())).isEqualTo(second.getCertificate());
        }
    }

    @Test
    void whatCannotBeUsedIsRefusedAtOnce() throws Exception {
        refuses(() -> pkcs12("wrong"), files.keyStore().toString(), "password");
        refuses(() -> GatewayTls.pem(folder.resolve("none.pem"), files.key()), "there is no file", "none.pem");
        assertThatThrownBy(() -> GatewayTls.of(SslContextBuilder.forClient().build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("servers");
        assertThatThrownBy(() -> GatewayTls.of(SslContextBuilder.forServer(first.toKeyManagerFactory())
                                .build())
                        .reload())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("replace");
        assertThatThrownBy(() -> pem().replace(pem().context()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reload");
        assertThat(pkcs12(Certificates.PASSWORD).toString()).doesNotContain(Certificates.PASSWORD);
    }

    @Test
    void plainTextIsNotAnsweredAndDoesNotDisturb() throws Exception {
        try (TestGateway gateway = open(pem());
                RawClient plain = new RawClient(gateway.port())) {
            plain.write(RawClient.upgradeRequest().getBytes(StandardCharsets.US_ASCII));
            assertThat(plain.readToCut()).doesNotContain("HTTP");
            assertThat(Certificates.shownBy(gateway.port())).isEqualTo(first.getCertificate());
        }
    }

    @Test
    void theHandshakeLimitCountsTls() throws Exception {
        GatewayTls tls = pem();
        GatewayLimits limits = GatewayLimits.DEFAULT.withHandshakeTimeout(Duration.ofMillis(300));
        try (TestGateway gateway = TestGateway.open(builder -> builder.tls(tls).limits(limits));
                RawClient silent = new RawClient(gateway.port());
                SSLSocket greeted = Certificates.connect(gateway.port())) {
            assertThat(silent.isCut()).isTrue();
            assertThat(greeted.getInputStream().read()).isNegative();
            assertThat(gateway.transport().stats().refused(GatewayStats.Refusal.TIMED_OUT))
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionHasOneHandshake(boolean again) throws Exception {
        GatewayTls tls = GatewayTls.of(SslContextBuilder.forServer(first.toKeyManagerFactory())
                .sslProvider(SslProvider.JDK)
                .protocols(SslProtocols.TLS_v1_2)
                .build());
        try (TestGateway gateway = open(tls);
                SSLSocket client = Certificates.connect(gateway.port())) {
            if (again) {
                client.startHandshake();
            }
            client.getOutputStream().write(RawClient.upgradeRequest().getBytes(StandardCharsets.US_ASCII));
            byte[] answer = client.getInputStream().readNBytes(8);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo(again ? "" : "HTTP/1.1");
        } catch (SSLException | SocketException e) {
            assertThat(again).as("%s", e).isTrue(); // cut, whichever way the client notices
        }
    }

    private static void refuses(ThrowingCallable what, String... words) {
        assertThatThrownBy(what).isInstanceOf(IOException.class).hasMessageContainingAll(words);
    }
}
