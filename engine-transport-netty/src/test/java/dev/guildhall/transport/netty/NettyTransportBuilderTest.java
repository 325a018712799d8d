package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NettyTransportBuilderTest {

    @Test
    void authenticatorIsRequired() {
        assertThatThrownBy(() -> NettyTransport.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("authenticator");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 2, 6, 7, 9, 10, 11})
    void theGatewaysOwnOpcodesAreRefused(int op) {
        assertThatThrownBy(() -> NettyTransport.builder().opcode(op, (session, data) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(op));
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        refuses(b -> b.port(65_536), "port", "65536", "65535");
        refuses(b -> b.eventLoops(0), "eventLoops", "1", "0");
        refuses(b -> b.maxInboundBytes(1), "maxInboundBytes", "128", "1");
        refuses(b -> b.messageRate(0, Duration.ofSeconds(1)), "maxMessages", "1", "1048576");
        refuses(b -> b.messageRate(1, Duration.ofHours(2)), "messageWindow", "PT1H", "PT2H");
        refuses(b -> b.heartbeatInterval(Duration.ZERO), "heartbeatInterval", "PT0.01S", "PT0S");
        refuses(b -> b.identifyTimeout(Duration.ofHours(2)), "identifyTimeout", "PT1H", "PT2H");
        refuses(b -> b.path("gateway"), "path", "gateway");
        refuses(b -> b.path("/a?b"), "path", "/a?b");
        refuses(b -> b.host(" "), "host");
        refuses(b -> b.gatewayUrl(URI.create("ws://host/gateway?v=10")), "gatewayUrl", "v=10");
        refuses(b -> b.allowedOrigins("chat.example"), "allowedOrigins", "chat.example");
        refuses(b -> b.allowedOrigins("https://chat.example/"), "allowedOrigins", "https://chat.example/");
        refuses(b -> b.allowedOrigins("https://*.example"), "allowedOrigins", "https://*.example");
    }

    @Test
    void limitsOutOfRangeAreNamed() {
        GatewayLimits limits = GatewayLimits.DEFAULT;
        refuses(b -> b.limits(limits.withConnections(0, 1)), "maxConnections", "10000000", "0");
        refuses(b -> b.limits(limits.withConnections(1, 0)), "maxConnectionsPerAddress", "1", "0");
        refuses(b -> b.limits(limits.withHandshakeTimeout(Duration.ZERO)), "handshakeTimeout", "PT0.01S", "PT0S");
        refuses(b -> b.limits(limits.withRequest(1, 8192, 100)), "maxRequestLineBytes", "128", "1");
        refuses(b -> b.limits(limits.withRequest(4096, 1, 100)), "maxHeaderBytes", "256", "1");
        refuses(b -> b.limits(limits.withRequest(4096, 8192, 7)), "maxHeaders", "8", "7");
        refuses(b -> b.limits(limits.withMaxFragments(0)), "maxFragments", "65536", "0");
    }

    @Test
    void addressIsUnknownBeforeTheEngineOpens() {
        NettyTransport transport = builder().build();
        assertThatThrownBy(transport::address).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(transport::url).isInstanceOf(IllegalStateException.class);
        assertThat(transport.io()).isNotEqualTo(IoMode.AUTO);
        assertThat(transport.toString()).contains("not bound");
    }

    @Test
    void closeCodesAreThoseOfTheProtocol() {
        assertThat(GatewayCloseCode.UNKNOWN_ERROR.code()).isEqualTo(4000);
        assertThat(GatewayCloseCode.SESSION_TIMED_OUT.code()).isEqualTo(4009);
        assertThat(GatewayCloseCode.AUTHENTICATION_FAILED.reconnect()).isFalse();
        assertThat(GatewayCloseCode.SESSION_TIMED_OUT.reconnect()).isTrue();
    }

    private static NettyTransportBuilder builder() {
        return NettyTransport.builder().authenticator(identify -> Authentication.refused("nobody"));
    }

    private static void refuses(UnaryOperator<NettyTransportBuilder> change, String... words) {
        assertThatThrownBy(() -> change.apply(builder()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }
}
