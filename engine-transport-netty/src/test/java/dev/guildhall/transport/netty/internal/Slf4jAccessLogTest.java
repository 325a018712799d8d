package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Slf4jAccessLogTest {

    @Test
    void nobodyForgesALine() {
        assertThat(Slf4jAccessLog.printable("/a%20b")).isEqualTo("/a%20b");
        assertThat(Slf4jAccessLog.printable("/a\r\n127.0.0.1 GET \u001b[2J\u00e9"))
                .isEqualTo("/a??127.0.0.1?GET??[2J?");
        assertThat(Slf4jAccessLog.printable("")).isEqualTo("-");
        assertThat(Slf4jAccessLog.printable("x".repeat(1000))).hasSize(200);
    }
}
