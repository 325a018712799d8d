package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The gateway on a class path without zstd-jni. */
class WithoutZstdTest {

    @Test
    void whoAsksForZstdIsRefusedAndTheRestWorks() throws Exception {
        assertThat(ClassPathWithout.call("zstd-jni", "com.github.luben.zstd.Zstd", Inside.class))
                .isEqualTo("{\"message\":\"400: compress must be zlib-stream, once or absent, was zstd-stream\","
                        + "\"code\":0}");
    }

    /** Runs with classes of its own. */
    public static final class Inside implements Callable<String> {

        /** For the other class loader. */
        public Inside() {}

        @Override
        public String call() throws Exception {
            try (TestGateway gateway = TestGateway.open(b -> b.io(IoMode.NIO));
                    RawClient refused = new RawClient(gateway.port());
                    RawClient client = new RawClient(gateway.port())) {
                refused.http(CompressedClient.request("?compress=zstd-stream", null));
                String body = refused.readToCut();
                if (!client.http(CompressedClient.request("?compress=zlib-stream", null))
                        .startsWith("HTTP/1.1 101 ")) {
                    throw new IllegalStateException("zlib-stream was refused");
                }
                return body;
            }
        }
    }
}
