package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import io.netty.pkitesting.X509Bundle;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server-sent events over TLS, read by the JDK's HTTP client, which checks the certificate. */
@Timeout(60)
@ExtendWith(NothingWrongLogged.Strict.class)
class EventStreamTlsTest {
    private final X509Bundle certificate;

    @TempDir
    private Path folder = Path.of("");

    private Certificates files = Certificates.in(folder);

    EventStreamTlsTest() throws Exception {
        certificate = Certificates.create();
    }

    @BeforeEach
    void write() throws Exception {
        files = Certificates.in(folder);
        files.write(certificate);
    }

    private static HttpRequest.Builder asAnn(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer user:ann");
    }

    private HttpClient client(String protocol) throws Exception {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {protocol});
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Certificates.trusting(certificate))
                .sslParameters(parameters)
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void eventsOfAllSizesCommandsAndAResumeComeThroughTls(String protocol) throws Exception {
        GatewayTls tls = GatewayTls.pem(files.chain(), files.key());
        try (TestGateway gateway = TestGateway.open(
                        b -> b.tls(tls).eventStreams(EventStreamOptions.ON).sessionOptions(SessionOptions.DEFAULT));
                HttpClient http = client(protocol)) {
            int[] sizes = {1, 15_000, 17_000, 70_000, 200_000, 5};
            String session;
            String last;
            try (EventStreamClient client = EventStreamClient.open(
                            http, gateway, "?intents=0", EventStreamTlsTest::asAnn)
                    .ready()) {
                session = client.sessionId();
                gateway.nextReady();
                assertThat(gateway.transport().stats().writePaths()).containsEntry(GatewayStats.WritePath.CHANNEL, 1);
                for (int size : sizes) {
                    gateway.guild().publish(Event.of("E", "\"" + "x".repeat(size) + "\""));
                }
                for (int size : sizes) {
                    assertThat(client.dispatch("E").get("d").stringValue()).hasSize(size);
                }
                assertThat(EventStreamClient.post(http, gateway, session, "user:ann", "{\"op\":100,\"d\":7}")
                                .statusCode())
                        .isEqualTo(202);
                assertThat(client.dispatch("MESSAGE_CREATE").get("d").intValue())
                        .isEqualTo(7);
                last = client.lastId();
            }
            gateway.guild().publish(Event.of("E", "\"missed\""));
            try (EventStreamClient client =
                    EventStreamClient.open(http, gateway, "?intents=0", b -> asAnn(b).header("Last-Event-ID", last))) {
                client.next("HELLO");
                assertThat(client.dispatch("E").get("d").stringValue()).isEqualTo("missed");
                client.dispatch("RESUMED");
                gateway.engine().drain();
                assertThat(client.next("CLOSE").get("code").intValue()).isEqualTo(1001);
                client.atEnd();
            }
        }
    }
}
