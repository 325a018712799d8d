package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.GatewayCompression;
import dev.guildhall.transport.netty.GatewayLimits;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.IoMode;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayUrlTest {

    @ParameterizedTest
    @CsvSource({
        "chat.example, chat.example",
        "chat.example:8080, chat.example",
        "192.0.2.7:8080, 192.0.2.7",
        "[2001:db8::7], [2001:db8::7]",
        "[2001:db8::7]:8080, [2001:db8::7]"
    })
    void aClientIsToldTheHostItCameBy(String header, String host) {
        assertThat(url("0.0.0.0", null).seenBy(header)).hasToString("ws://" + host + ":8081/gateway");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":8080", "a b", "user@host", "a/b", "a?b", "[::1", "a:1:2", "\"", "a#b"})
    void whatIsNoHostIsIgnored(String header) {
        assertThat(url("0.0.0.0", null).seenBy(header)).hasToString("ws://127.0.0.1:8081/gateway");
    }

    @Test
    void withoutAHeaderItIsWhereTheGatewayListens() {
        assertThat(url("127.0.0.2", null).seenBy(null)).hasToString("ws://127.0.0.2:8081/gateway");
        assertThat(url("::1", null).url()).hasToString("ws://[::1]:8081/gateway");
    }

    @Test
    void aConfiguredUrlIsForEverybody() {
        URI configured = URI.create("wss://chat.example/live");
        assertThat(url("0.0.0.0", configured).seenBy("other.example")).isEqualTo(configured);
    }

    private static GatewayUrl url(String host, @Nullable URI configured) {
        GatewayConfig config = new GatewayConfig(
                host,
                8081,
                "/gateway",
                configured,
                IoMode.NIO,
                1,
                identify -> Authentication.refused("nobody"),
                new GatewayListener() {},
                Map.of(),
                Map.of(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                SessionOptions.DEFAULT,
                4096,
                120,
                Duration.ofSeconds(60),
                new GatewaySecurity(null, new OriginCheck(List.of()), GatewayLimits.DEFAULT),
                GatewayCompression.DEFAULT,
                GatewayOperation.DEFAULT);
        return GatewayUrl.of(config, new InetSocketAddress(host, 8081));
    }
}
